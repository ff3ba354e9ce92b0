// YAML files as repositories have them that no mesh is concerned with: workflows, charts, Ansible, dashboards, CRDs, values, compose files.

const repeat = (count, line) => Array.from({ length: count }, (_, i) => line(i)).join('');

const workflow = (n) => `name: build-${n}
on:
  push:
    branches: [main]
  pull_request:
jobs:
  build:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        go: ["1.22", "1.23"]
    steps:
${repeat(
  6 + (n % 8),
  (i) => `      - name: step ${i}
        run: |
          make target-${i}
          ./scripts/verify.sh --level ${n % 5}
`,
)}`;

const compose = (n) => `version: "3"
services:
${repeat(
  3 + (n % 5),
  (i) => `  web${i}:
    image: example/web:${n}.${i}
    ports: ["80${i}:80"]
    environment:
      DATABASE_URL: postgres://db/app${i}
    depends_on:
      - db
`,
)}`;

const ansible = (n) => `- hosts: all
  become: true
  tasks:
${repeat(
  8 + (n % 9),
  (i) => `    - name: install package ${i}
      ansible.builtin.package:
        name: "tool-${i}"
        state: present
      when: ansible_os_family == "Debian"
`,
)}`;

const template = (n) => `{{- if .Values.enabled }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "app${n}.fullname" . }}
  labels:
    {{- include "app${n}.labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicas }}
  template:
    spec:
      containers:
        - name: app
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
{{- end }}
`;

const values = (n) => `replicaCount: ${n % 5}
image:
  repository: example/app${n}
  tag: 1.${n % 30}.0
service:
  type: ClusterIP
  port: 80
${repeat(
  10 + (n % 20),
  (i) => `option${i}:
  enabled: ${i % 2 === 0}
  # how often, in seconds
  interval: ${i * 10}
`,
)}`;

const crd = (n) => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: things${n}.example.com
spec:
  group: example.com
  names:
    kind: Thing${n}
    plural: things${n}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
${repeat(
  30 + (n % 60),
  (i) => `            field${i}:
              description: >-
                What the controller makes of field ${i}; see the documentation of the
                controller for its default.
              type: string
`,
)}`;

const rules = (n) => `apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: rules-${n}
  namespace: monitoring
spec:
  groups:
    - name: group-${n}
      rules:
${repeat(
  5 + (n % 10),
  (i) => `        - alert: TooSlow${i}
          expr: histogram_quantile(0.99, sum(rate(request_seconds_bucket{job="job${i}"}[5m])) by (le)) > 0.${i + 1}
          for: 10m
          labels:
            severity: page
`,
)}`;

const deployment = (n) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: worker-${n}
  namespace: batch
spec:
  selector:
    matchLabels:
      app: worker-${n}
  template:
    metadata:
      labels:
        app: worker-${n}
    spec:
      containers:
        - name: worker
          image: example/worker:${n}
---
apiVersion: v1
kind: Service
metadata:
  name: worker-${n}
  namespace: batch
spec:
  selector:
    app: worker-${n}
  ports:
    - port: 80
`;

const config = (n) => `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings-${n}
  namespace: batch
data:
  settings.properties: |
${repeat(15 + (n % 30), (i) => `    key.${i}=value ${i * n}\n`)}`;

const role = (n) => `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: role-${n}
  namespace: batch
rules:
${repeat(
  3 + (n % 6),
  (i) => `  - apiGroups: ["example${i}.com"]
    resources: ["things"]
    verbs: ["get", "list", "watch"]
`,
)}`;

const KINDS = [
  ['repos/app{}/.github/workflows/ci-{}.yaml', workflow],
  ['compose/service{}/docker-compose.yml', compose],
  ['ansible/playbooks/play-{}.yml', ansible],
  ['charts/app{}/templates/deployment.yaml', template],
  ['charts/app{}/values.yaml', values],
  ['crds/group-{%}/thing-{}.yaml', crd],
  ['monitoring/rules-{%}/rule-{}.yaml', rules],
  ['batch/workers-{%}/worker-{}.yaml', deployment],
  ['batch/settings-{%}/settings-{}.yaml', config],
  ['batch/roles-{%}/role-{}.yaml', role],
  ['crds/more-{%}/thing-{}.yaml', crd],
  ['environments/env-{%}/values-{}.yaml', values],
];

export function* otherFiles(count) {
  for (let n = 0; n < count; n++) {
    const [path, write] = KINDS[n % KINDS.length];
    const index = Math.floor(n / KINDS.length);
    yield [path.replaceAll('{}', index).replaceAll('{%}', index % 20), write(index)];
  }
}
