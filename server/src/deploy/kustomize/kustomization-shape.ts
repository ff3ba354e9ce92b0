/** What a kustomization file may hold: the fields of kustomize's `types.Kustomization` and the type of each. */

export type Shape =
  | 'string'
  | 'boolean'
  | 'integer'
  | 'anything'
  | { readonly list: Shape }
  | { readonly values: Shape }
  | { readonly fields: Readonly<Record<string, Shape>> };

const STRINGS: Shape = { list: 'string' };
const TEXTS: Shape = { values: 'string' };

function fields(shape: Readonly<Record<string, Shape>>): Shape {
  return { fields: shape };
}

const GVK = { group: 'string', version: 'string', kind: 'string' } as const;
const RES_ID = { ...GVK, name: 'string', namespace: 'string' } as const;
const SELECTOR = fields({ ...RES_ID, annotationSelector: 'string', labelSelector: 'string' });
const FIELD_SPEC = fields({ ...GVK, path: 'string', create: 'boolean' });
const OPTIONS = fields({ delimiter: 'string', index: 'integer', encoding: 'string', create: 'boolean' });
const PATCHES: Shape = {
  list: fields({
    path: 'string',
    patch: 'string',
    target: SELECTOR,
    options: fields({ allowNameChange: 'boolean', allowKindChange: 'boolean' }),
  }),
};
const IMAGES: Shape = {
  list: fields({ name: 'string', newName: 'string', tagSuffix: 'string', newTag: 'string', digest: 'string' }),
};
const GENERATOR_OPTIONS = fields({
  labels: TEXTS,
  annotations: TEXTS,
  disableNameSuffixHash: 'boolean',
  immutable: 'boolean',
});
const GENERATOR = {
  namespace: 'string',
  name: 'string',
  behavior: 'string',
  literals: STRINGS,
  files: STRINGS,
  envs: STRINGS,
  env: 'string',
  options: GENERATOR_OPTIONS,
} as const;
const REPLACEMENT = {
  source: fields({ ...RES_ID, fieldPath: 'string', options: OPTIONS }),
  sourceValue: 'string',
  targets: {
    list: fields({ select: SELECTOR, reject: { list: SELECTOR }, fieldPaths: STRINGS, options: OPTIONS }),
  },
} as const;

export const REPLACEMENT_SHAPE: Shape = fields(REPLACEMENT);

const HELM_CHART = fields({
  name: 'string',
  version: 'string',
  repo: 'string',
  releaseName: 'string',
  namespace: 'string',
  additionalValuesFiles: STRINGS,
  valuesFile: 'string',
  valuesInline: { values: 'anything' },
  valuesMerge: 'string',
  includeCRDs: 'boolean',
  skipHooks: 'boolean',
  apiVersions: STRINGS,
  kubeVersion: 'string',
  nameTemplate: 'string',
  skipTests: 'boolean',
  debug: 'boolean',
  devel: 'boolean',
});
const OLD_HELM_CHART = fields({
  chartName: 'string',
  chartVersion: 'string',
  chartRepoUrl: 'string',
  chartHome: 'string',
  chartRepoName: 'string',
  helmBin: 'string',
  helmHome: 'string',
  values: 'string',
  valuesLocal: { values: 'anything' },
  valuesMerge: 'string',
  releaseName: 'string',
  releaseNamespace: 'string',
  extraArgs: STRINGS,
});

export const KUSTOMIZATION_SHAPE: Shape = fields({
  apiVersion: 'string',
  kind: 'string',
  metadata: fields({ name: 'string', namespace: 'string', labels: TEXTS, annotations: TEXTS }),
  openapi: TEXTS,
  namePrefix: 'string',
  nameSuffix: 'string',
  namespace: 'string',
  commonLabels: TEXTS,
  labels: {
    list: fields({
      pairs: TEXTS,
      includeSelectors: 'boolean',
      includeTemplates: 'boolean',
      fields: { list: FIELD_SPEC },
    }),
  },
  commonAnnotations: TEXTS,
  patchesStrategicMerge: STRINGS,
  patchesJson6902: PATCHES,
  patches: PATCHES,
  images: IMAGES,
  imageTags: IMAGES,
  replacements: { list: fields({ ...REPLACEMENT, path: 'string' }) },
  replicas: { list: fields({ name: 'string', count: 'integer' }) },
  vars: {
    list: fields({
      name: 'string',
      objref: fields({ ...RES_ID, apiVersion: 'string' }),
      fieldref: fields({ fieldPath: 'string' }),
    }),
  },
  sortOptions: fields({ order: 'string', legacySortOptions: fields({ orderFirst: STRINGS, orderLast: STRINGS }) }),
  resources: STRINGS,
  components: STRINGS,
  crds: STRINGS,
  bases: STRINGS,
  configMapGenerator: { list: fields(GENERATOR) },
  secretGenerator: { list: fields({ ...GENERATOR, type: 'string' }) },
  helmGlobals: fields({ chartHome: 'string', configHome: 'string' }),
  helmCharts: { list: HELM_CHART },
  helmChartInflationGenerator: { list: OLD_HELM_CHART },
  generatorOptions: GENERATOR_OPTIONS,
  configurations: STRINGS,
  generators: STRINGS,
  transformers: STRINGS,
  validators: STRINGS,
  buildMetadata: STRINGS,
});

const FIELD_SPECS: Shape = { list: FIELD_SPEC };

/** A file of `configurations`. */
export const CONFIGURATION_SHAPE: Shape = fields({
  namePrefix: FIELD_SPECS,
  nameSuffix: FIELD_SPECS,
  namespace: FIELD_SPECS,
  commonLabels: FIELD_SPECS,
  labels: FIELD_SPECS,
  templateLabels: FIELD_SPECS,
  commonAnnotations: FIELD_SPECS,
  nameReference: { list: fields({ ...GVK, fieldSpecs: FIELD_SPECS }) },
  varReference: FIELD_SPECS,
  images: FIELD_SPECS,
  replicas: FIELD_SPECS,
});
