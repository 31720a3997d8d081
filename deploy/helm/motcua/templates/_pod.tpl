{{- /* The pod of a service. Takes (dict "root" $ "component" name). */ -}}
{{- define "motcua.pod" -}}
{{- $root := .root -}}
{{- $values := $root.Values -}}
{{- $own := index $values .component -}}
metadata:
  labels:
    {{- include "motcua.labels" . | nindent 4 }}
    {{- with $own.podLabels }}{{ toYaml . | nindent 4 }}{{ end }}
  {{- with $own.podAnnotations }}
  annotations: {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ include "motcua.serviceAccount" . }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ $own.terminationGracePeriodSeconds }}
  {{- with $values.imagePullSecrets }}
  imagePullSecrets: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $own.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with $own.affinity }}
  affinity: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $own.nodeSelector }}
  nodeSelector: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $own.tolerations }}
  tolerations: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if $own.spread.enabled }}
  topologySpreadConstraints:
    {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
    - maxSkew: 1
      topologyKey: {{ . }}
      whenUnsatisfiable: {{ $own.spread.whenUnsatisfiable }}
      labelSelector: {matchLabels: {{ include "motcua.selector" $ | fromYaml | toJson }}}
    {{- end }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 10001
    runAsGroup: 10001
    fsGroup: 10001
    seccompProfile: {type: RuntimeDefault}
  {{- if and (eq .component "processing") $values.migration.enabled }}
  initContainers:
    - name: migrate
      {{- include "motcua.container" . | nindent 6 }}
      command: [python, -m, motcua_processing.migrate]
      env:
        {{- include "motcua.settings" . | nindent 8 }}
        - {name: MOTCUA_DATABASE_URL_FILE, value: /secrets/{{ ternary "owner-url" "database-url" (not (empty $values.migration.existingSecret)) }}}
  {{- end }}
  containers:
    - name: {{ .component }}
      {{- include "motcua.container" . | nindent 6 }}
      env:
        {{- include "motcua.settings" . | nindent 8 }}
        {{- include (printf "motcua.settings.%s" .component) . | nindent 8 }}
        {{- range $name, $value := $own.env }}
        - {name: MOTCUA_{{ $name }}, value: {{ $value | toString | quote }}}
        {{- end }}
        {{- with $own.extraEnv }}{{ toYaml . | nindent 8 }}{{ end }}
      ports:
        - {name: http, containerPort: {{ include "motcua.port" .component }}, protocol: TCP}
      lifecycle: {preStop: {sleep: {seconds: {{ $own.preStopSeconds }}}}}
      startupProbe:
        httpGet: {path: /livez, port: http, scheme: {{ include "motcua.scheme" $root | upper }}}
        periodSeconds: 2
        timeoutSeconds: {{ $own.probes.timeoutSeconds }}
        failureThreshold: {{ div $own.probes.startupSeconds 2 }}
      livenessProbe:
        httpGet: {path: /livez, port: http, scheme: {{ include "motcua.scheme" $root | upper }}}
        periodSeconds: {{ $own.probes.periodSeconds }}
        timeoutSeconds: {{ $own.probes.timeoutSeconds }}
        failureThreshold: 6
      readinessProbe:
        httpGet: {path: /readyz, port: http, scheme: {{ include "motcua.scheme" $root | upper }}}
        periodSeconds: {{ $own.probes.periodSeconds }}
        timeoutSeconds: {{ $own.probes.timeoutSeconds }}
        failureThreshold: 2
  volumes:
    - {name: tmp, emptyDir: {sizeLimit: 256Mi}}
    {{- with include "motcua.secrets" . | trim }}
    - name: secrets
      projected:
        defaultMode: 288
        sources: {{- . | nindent 10 }}
    {{- end }}
    {{- with $values.tls.existingSecret }}
    - {name: tls, secret: {secretName: {{ . }}, defaultMode: 288}}
    {{- end }}
{{- end }}

{{- define "motcua.container" -}}
{{- $own := index .root.Values .component -}}
image: {{ include "motcua.image" (merge (dict "version" .root.Chart.AppVersion) $own.image) }}
imagePullPolicy: {{ $own.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  privileged: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
resources: {{- toYaml $own.resources | nindent 2 }}
volumeMounts:
  - {name: tmp, mountPath: /tmp}
  {{- if include "motcua.secrets" . | trim }}
  - {name: secrets, mountPath: /secrets, readOnly: true}
  {{- end }}
  {{- if .root.Values.tls.existingSecret }}
  - {name: tls, mountPath: /tls, readOnly: true}
  {{- end }}
{{- end }}
