{{- /* Settings of all services, and then of each: environment variables as the services name them. */ -}}
{{- define "motcua.settings" -}}
{{- $values := .root.Values -}}
- {name: MOTCUA_ENVIRONMENT, value: {{ $values.environment }}}
- {name: MOTCUA_ACCESS, value: {{ $values.access }}}
- {name: MOTCUA_LOG_LEVEL, value: {{ $values.logLevel }}}
- {name: MOTCUA_HTTP_HOST, value: "0.0.0.0"}
- {name: MOTCUA_KAFKA_BOOTSTRAP, value: {{ include "motcua.bootstrap" .root | quote }}}
{{- if $values.tls.existingSecret }}
- {name: MOTCUA_TLS_CERTIFICATE, value: /tls/tls.crt}
- {name: MOTCUA_TLS_KEY, value: /tls/tls.key}
{{- with $values.tls.caKey }}
- {name: SSL_CERT_FILE, value: /tls/{{ . }}}
{{- end }}
{{- end }}
{{- with $values.trustedProxies }}
- {name: MOTCUA_TRUSTED_PROXIES, value: {{ . | quote }}}
{{- end }}
{{- if $values.oidc.issuer }}
- {name: MOTCUA_OIDC_ISSUER, value: {{ $values.oidc.issuer | quote }}}
- {name: MOTCUA_OIDC_AUDIENCE, value: {{ $values.oidc.audience | quote }}}
- {name: MOTCUA_OIDC_JWKS_URL, value: {{ required "oidc.jwksUrl: where the issuer's keys are" $values.oidc.jwksUrl | quote }}}
{{- end }}
{{- if $values.metricsKey.existingSecret }}
- {name: MOTCUA_METRICS_KEY_FILE, value: /secrets/metrics-key}
{{- end }}
{{- if eq .component "processing" }}
- {name: MOTCUA_DATABASE_SCHEMA, value: {{ $values.database.schema }}}
{{- end }}
{{- end }}

{{- define "motcua.settings.intake" -}}
- {name: MOTCUA_PROCESSING_URL, value: {{ include "motcua.url" (dict "root" .root "component" "processing") | quote }}}
{{- end }}

{{- define "motcua.settings.processing" -}}
- {name: MOTCUA_DATABASE_URL_FILE, value: /secrets/database-url}
{{- end }}

{{- define "motcua.settings.metrics" -}}
{{- $values := .root.Values -}}
{{- $name := include "motcua.fullname" .root -}}
- {name: MOTCUA_PROCESSING_URL, value: {{ include "motcua.url" (dict "root" .root "component" "processing") | quote }}}
- {name: MOTCUA_SHARD_ORDINAL, valueFrom: {fieldRef: {fieldPath: "metadata.labels['apps.kubernetes.io/pod-index']"}}}
- {name: MOTCUA_SHARD_COUNT, value: {{ $values.metrics.shards | quote }}}
{{- if gt (int $values.metrics.shards) 1 }}
{{- $peers := list -}}
{{- range $shard := untilStep 1 (int $values.metrics.shards) 1 }}
{{- $peers = append $peers (printf "%s://%s-metrics-shard-%d:8103" (include "motcua.scheme" $.root) $name $shard) -}}
{{- end }}
- {name: MOTCUA_SHARD_PEERS, value: {{ join "," $peers | quote }}}
{{- end }}
{{- if $values.balance.existingSecret }}
- {name: MOTCUA_PROCESSING_KEY_FILE, value: /secrets/processing-key}
{{- end }}
{{- if $values.grafana.url }}
- {name: MOTCUA_GRAFANA_URL, value: {{ $values.grafana.url | quote }}}
- {name: MOTCUA_GRAFANA_TOKEN_FILE, value: /secrets/grafana-token}
{{- end }}
{{- end }}

{{- /* Credentials as files, which no listing of the environment shows. */ -}}
{{- define "motcua.secrets" -}}
{{- $values := .root.Values -}}
{{- with $values.metricsKey }}{{ if .existingSecret }}
- secret: {name: {{ .existingSecret }}, items: [{key: {{ .key }}, path: metrics-key}]}
{{- end }}{{ end }}
{{- if eq .component "processing" }}
- secret: {name: {{ include "motcua.databaseSecret" .root }}, items: [{key: {{ $values.database.key }}, path: database-url}]}
{{- with $values.migration }}{{ if and .enabled .existingSecret }}
- secret: {name: {{ .existingSecret }}, items: [{key: {{ .key }}, path: owner-url}]}
{{- end }}{{ end }}
{{- end }}
{{- if eq .component "metrics" }}
{{- with $values.balance }}{{ if .existingSecret }}
- secret: {name: {{ .existingSecret }}, items: [{key: {{ .key }}, path: processing-key}]}
{{- end }}{{ end }}
{{- with $values.grafana }}{{ if .url }}
- secret: {name: {{ required "grafana.existingSecret: a Secret with the token" .existingSecret }}, items: [{key: {{ .key }}, path: grafana-token}]}
{{- end }}{{ end }}
{{- end }}
{{- end }}
