{{- define "motcua.name" -}}{{ .Values.nameOverride | default .Chart.Name | trunc 40 | trimSuffix "-" }}{{- end }}

{{- define "motcua.fullname" -}}
{{- $name := include "motcua.name" . -}}
{{- if .Values.fullnameOverride }}{{ .Values.fullnameOverride | trunc 40 | trimSuffix "-" }}
{{- else if contains $name .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else }}{{ printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" }}{{ end -}}
{{- end }}

{{- /* Never changes for a release: selectors are immutable. Takes (dict "root" $ "component" name). */ -}}
{{- define "motcua.selector" -}}
app.kubernetes.io/name: {{ include "motcua.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "motcua.labels" -}}
{{ include "motcua.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: motcua
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "motcua.port" -}}{{ get (dict "intake" 8101 "processing" 8102 "metrics" 8103) . }}{{- end }}

{{- define "motcua.scheme" -}}{{ ternary "https" "http" (not (empty .Values.tls.existingSecret)) }}{{- end }}

{{- define "motcua.url" -}}
{{ include "motcua.scheme" .root }}://{{ include "motcua.fullname" .root }}-{{ .component }}:{{ include "motcua.port" .component }}
{{- end }}

{{- define "motcua.bootstrap" -}}
{{- if .Values.strimzi.enabled }}{{ include "motcua.fullname" . }}-kafka-bootstrap:9092
{{- else }}{{ required "kafka.bootstrap: host:port of Kafka, or strimzi.enabled" .Values.kafka.bootstrap }}{{ end -}}
{{- end }}

{{- define "motcua.databaseSecret" -}}
{{- if .Values.cnpg.enabled }}{{ include "motcua.fullname" . }}-db-app
{{- else }}{{ required "database.existingSecret: a Secret with the URL of PostgreSQL, or cnpg.enabled" .Values.database.existingSecret }}{{ end -}}
{{- end }}

{{- define "motcua.image" -}}
{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default .version }}{{ end }}
{{- end }}

{{- define "motcua.serviceAccount" -}}
{{- $own := index .root.Values .component -}}
{{ $own.serviceAccount.name | default (ternary (printf "%s-%s" (include "motcua.fullname" .root) .component) "default" $own.serviceAccount.create) }}
{{- end }}
