/** Random trees of kustomizations over random objects, with every setting that kustomize has. */
import { stringify } from 'yaml';
import { Chance, type Json, type JsonMap, pairs, randomObjects } from './random-objects.ts';
import { jsonPatch, mergePatch } from './random-patches.ts';

export interface RandomTree {
  readonly files: Record<string, string>;
  /** The folder to build. */
  readonly folder: string;
}

function yaml(value: Json): string {
  return stringify(value, { version: '1.1', aliasDuplicateObjects: false });
}

interface Layer {
  readonly folder: string;
  readonly kustomization: JsonMap;
}

/** A list of a kustomization, made if it is not there. */
function listAt({ kustomization }: Layer, key: string): Json[] {
  const list = kustomization[key];
  if (Array.isArray(list)) return list;
  const made: Json[] = [];
  kustomization[key] = made;
  return made;
}

const BUILD_METADATA = ['managedByLabel', 'originAnnotations', 'transformerAnnotations'];

const FIELD_PATHS = [
  'metadata.labels.app',
  'metadata.annotations.team',
  'metadata.annotations.istio\\.io/global',
  'spec.template.spec.containers.[name=main].image',
  'spec.template.spec.containers.*.image',
  'spec.template.spec.containers.0.args.0',
  'spec.ports.0.port',
  'spec.listeners.[name=mesh].port',
  'spec.selector.app',
  'data.network',
  'data.list',
  'spec.added.deep',
  'spec.hosts.[=a.example]',
];

/** The schema of `Widget` as a file of `crds` has it. */
const WIDGET = {
  'com.example.v1.Widget': {
    Schema: {
      properties: {
        kind: { type: 'string' },
        apiVersion: { type: 'string' },
        metadata: { type: 'object' },
        spec: { $ref: 'com.example.v1.WidgetSpec' },
      },
    },
  },
  'com.example.v1.WidgetSpec': {
    Schema: {
      properties: {
        config: { 'x-kubernetes-object-ref-api-version': 'v1', 'x-kubernetes-object-ref-kind': 'ConfigMap' },
        title: { 'x-kubernetes-identity': '' },
        parts: { $ref: 'com.example.v1.WidgetParts' },
      },
    },
  },
  'com.example.v1.WidgetParts': {
    Schema: {
      properties: {
        service: {
          'x-kubernetes-object-ref-api-version': 'v1',
          'x-kubernetes-object-ref-kind': 'Service',
          'x-kubernetes-object-ref-name-key': 'called',
        },
        labels: { 'x-kubernetes-label-selector': '', 'x-kubernetes-annotation': '' },
      },
    },
  },
};

/** A path to a value of an object, as replacements write them. */
function wayIn(chance: Chance, object: JsonMap, otherwise: string): string {
  const steps: string[] = [];
  let at: Json | undefined = object;
  while (typeof at === 'object' && at !== null && (steps.length < 2 || chance.maybe(0.8))) {
    if (Array.isArray(at)) {
      if (at.length === 0) break;
      const index = chance.below(at.length);
      const item: Json | undefined = at[index];
      const name = typeof item === 'object' && item !== null && !Array.isArray(item) ? item.name : undefined;
      steps.push(
        typeof name === 'string' && chance.maybe() ? `[name=${name}]` : chance.maybe(0.1) ? '*' : String(index),
      );
      at = item;
    } else {
      const keys = Object.keys(at);
      if (keys.length === 0) break;
      const key = chance.pick(keys);
      steps.push(key.replaceAll('.', '\\.'));
      at = at[key];
    }
  }
  const path = steps.join('.');
  // What kustomize knows an object by, and where it keeps its notes, is no place to copy to.
  return /^(kind|apiVersion|metadata|metadata\.(annotations|name|namespace))$/.test(path) ? otherwise : path;
}

function keepAnnotations({ metadata }: JsonMap): void {
  const kept = metadata as JsonMap;
  delete kept.$patch;
  const { annotations } = kept;
  if (annotations === null || (typeof annotations === 'object' && '$patch' in annotations)) delete kept.annotations;
}

class TreeMaker {
  readonly files: Record<string, string> = {};
  private readonly objects: JsonMap[] = [];
  private generators = 0;
  private readonly generated = new Set<string>();
  /** Whether kustomize writes notes into annotations: then no patch takes annotations away. */
  private readonly isNoted: boolean;

  constructor(readonly chance: Chance) {
    this.isNoted = chance.maybe(0.15);
  }

  private write(layer: Layer, name: string, content: string): string {
    this.files[`${layer.folder}/${name}`] = content;
    return name;
  }

  private addObjects(layer: Layer, most: number, suffix = ''): void {
    const { chance } = this;
    const objects = randomObjects(chance, most, suffix);
    this.objects.push(...objects);
    const inOne = chance.maybe(0.3);
    const resources = listAt(layer, 'resources');
    if (inOne) {
      const list = chance.maybe(0.3);
      const text = list
        ? yaml({ apiVersion: 'v1', kind: 'List', items: objects })
        : objects.map(yaml).join(chance.maybe() ? '---\n' : '\n---\n');
      resources.push(this.write(layer, 'all.yaml', text));
      return;
    }
    for (const [i, object] of objects.entries()) {
      const json = chance.maybe(0.1);
      resources.push(
        this.write(layer, `r${i}.${json ? 'json' : 'yaml'}`, json ? JSON.stringify(object) : yaml(object)),
      );
    }
  }

  private target(object: JsonMap): JsonMap {
    const { chance } = this;
    const { name, namespace, labels } = object.metadata as JsonMap;
    const target: JsonMap = { kind: object.kind as Json };
    if (chance.maybe(0.7))
      target.name = chance.pick([name as string, '.*', `${(name as string).slice(0, 1)}.*`, 'web|api']);
    if (chance.maybe(0.1)) target.namespace = (namespace ?? 'default') as Json;
    if (chance.maybe(0.1)) target.version = chance.pick(['v1', 'v.*', 'v1beta1']);
    if (chance.maybe(0.1))
      target.labelSelector = chance.pick(['app', 'app=web', '!team', 'app in (web, 1), tier != x']);
    if (chance.maybe(0.05)) target.annotationSelector = 'team';
    if (labels === undefined && chance.maybe(0.05)) target.kind = '.*';
    return target;
  }

  private patches(layer: Layer): void {
    const { chance } = this;
    const count = 1 + chance.below(3);
    for (let i = 0; i < count; i++) {
      const object = chance.pick(this.objects);
      const json = chance.maybe(0.4);
      const content: Json = json ? jsonPatch(chance, object) : mergePatch(chance, object);
      if (this.isNoted && !json) keepAnnotations(content as JsonMap);
      const text = json && chance.maybe(0.2) ? JSON.stringify(content) : yaml(content);
      const name = `p${i}.yaml`;
      const place: JsonMap = chance.maybe() ? { path: this.write(layer, name, text) } : { patch: text };
      const form = chance.next();
      if (!json && form < 0.2) {
        const list = listAt(layer, 'patchesStrategicMerge');
        list.push(place.path ?? place.patch ?? '');
      } else if (json && form < 0.25) {
        const list = listAt(layer, 'patchesJson6902');
        list.push({ ...place, target: { ...this.target(object), name: (object.metadata as JsonMap).name as Json } });
      } else {
        const list = listAt(layer, 'patches');
        const options: JsonMap = {};
        if (chance.maybe(0.05)) options.allowNameChange = true;
        if (chance.maybe(0.02)) options.allowKindChange = true;
        list.push({
          ...place,
          ...(json || chance.maybe() ? { target: this.target(object) } : {}),
          ...(Object.keys(options).length > 0 ? { options } : {}),
        });
      }
    }
  }

  private generator(layer: Layer): void {
    const { chance } = this;
    const secret = chance.maybe(0.3);
    const n = this.generators++;
    const known = [...this.generated].filter((name) => name.startsWith(secret ? 's' : 'c'));
    const again = known.length > 0 && chance.maybe();
    const entry: JsonMap = {
      name: again ? chance.pick(known).slice(1) : chance.pick(['settings', `g${n}`, `g${n}`, `h${n}`]),
    };
    if (again ? chance.maybe(0.95) : chance.maybe(0.05)) entry.behavior = chance.pick(['merge', 'merge', 'replace']);
    else if (chance.maybe(0.2)) entry.behavior = 'create';
    if (!again && chance.maybe(0.1)) entry.namespace = 'shop';
    this.generated.add((secret ? 's' : 'c') + String(entry.name));
    if (chance.maybe(0.8)) entry.literals = chance.some(['a=1', 'b="quoted"', "c='x=y'", 'd=<b>&', `ek${n}=`]);
    if (chance.maybe(0.3))
      entry.files = [
        this.write(layer, `f${n}.txt`, 'line\nline two\n'),
        `key=${this.write(layer, `g${n}.txt`, 'x'.repeat(60 + n))}`,
      ];
    if (chance.maybe(0.3))
      entry.envs = [this.write(layer, `h${n}.env`, `# comment\n EV${n}=v=1\n\nFV${n}\nGV${n}=  spaced \n`)];
    if (chance.maybe(0.3)) {
      entry.options = {
        ...(chance.maybe() ? { disableNameSuffixHash: true } : {}),
        ...(chance.maybe() ? { labels: pairs(chance) } : {}),
        ...(chance.maybe(0.3) ? { immutable: true } : {}),
      };
    }
    if (secret && chance.maybe(0.3)) entry.type = 'kubernetes.io/tls';
    const list = listAt(layer, secret ? 'secretGenerator' : 'configMapGenerator');
    list.push(entry);
    if (chance.maybe(0.15)) {
      layer.kustomization.generatorOptions = {
        ...(chance.maybe() ? { disableNameSuffixHash: true } : {}),
        annotations: pairs(chance),
      };
    }
  }

  private replacement(layer: Layer): void {
    const { chance } = this;
    const object = chance.pick(this.objects);
    const other = chance.pick(this.objects);
    const source: JsonMap = { kind: object.kind as Json, name: (object.metadata as JsonMap).name as Json };
    source.fieldPath = chance.maybe(0.85)
      ? wayIn(chance, object, 'metadata.name')
      : chance.pick([
          'metadata.name',
          'data.network',
          'data.list',
          'spec.ports.0.port',
          'metadata.labels',
          ...FIELD_PATHS,
        ]);
    if (chance.maybe(0.2)) source.options = { delimiter: chance.pick([',', '-', ':']), index: chance.below(3) };
    const options: JsonMap = {};
    if (chance.maybe(0.8)) options.create = true;
    if (chance.maybe(0.2)) Object.assign(options, { delimiter: chance.pick([',', ':']), index: chance.below(4) - 1 });
    const target: JsonMap = {
      select: chance.maybe(0.8) ? this.target(other) : { kind: other.kind as Json },
      fieldPaths: [chance.maybe(0.6) ? wayIn(chance, other, 'metadata.labels.app') : chance.pick(FIELD_PATHS)],
      ...(Object.keys(options).length > 0 ? { options } : {}),
      ...(chance.maybe(0.15) ? { reject: [{ name: chance.pick(['web', 'api']) }] } : {}),
    };
    const replacement: JsonMap = chance.maybe(0.1)
      ? { sourceValue: chance.pick(['v', '5', 'true']), targets: [target] }
      : { source, targets: [target] };
    const list = listAt(layer, 'replacements');
    list.push(
      chance.maybe(0.2) ? { path: this.write(layer, `rep${list.length}.yaml`, yaml(replacement)) } : replacement,
    );
  }

  private settings(layer: Layer): void {
    const { chance } = this;
    const { kustomization } = layer;
    if (chance.maybe(0.25)) kustomization.namespace = chance.pick(['shop', 'prod', 'default']);
    if (chance.maybe(0.25)) kustomization.namePrefix = chance.pick(['a-', 'p']);
    if (chance.maybe(0.15)) kustomization.nameSuffix = '-z';
    if (chance.maybe(0.15)) kustomization.commonLabels = pairs(chance);
    if (chance.maybe(0.25)) {
      kustomization.labels = [
        {
          pairs: pairs(chance),
          ...(chance.maybe(0.3) ? { includeSelectors: true } : {}),
          ...(chance.maybe(0.3) ? { includeTemplates: true } : {}),
          ...(chance.maybe(0.2)
            ? { fields: [{ path: 'spec/infrastructure/labels', kind: 'Gateway', create: true }] }
            : {}),
        },
      ];
    }
    if (chance.maybe(0.2)) kustomization.commonAnnotations = pairs(chance);
    if (chance.maybe(0.2)) {
      kustomization.images = [
        {
          name: chance.pick(['nginx', 'reg.io/app/api', 'reg.io:5000/nginx']),
          ...(chance.maybe() ? { newName: 'mirror/nginx' } : {}),
          ...(chance.maybe() ? { newTag: '2.0' } : {}),
          ...(chance.maybe(0.3) ? { digest: 'sha256:fff' } : {}),
          ...(chance.maybe(0.1) ? { tagSuffix: '-x' } : {}),
        },
      ];
    }
    const scaled = this.objects.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet');
    if (scaled.length > 0 && chance.maybe(0.15)) {
      kustomization.replicas = [{ name: (chance.pick(scaled).metadata as JsonMap).name as Json, count: 5 }];
    }
    if (chance.maybe(0.06)) {
      const object = chance.pick(this.objects);
      kustomization.vars = [
        {
          name: 'VAR',
          objref: {
            kind: object.kind as Json,
            apiVersion: object.apiVersion as Json,
            name: (object.metadata as JsonMap).name as Json,
          },
          ...(chance.maybe(0.3)
            ? { fieldref: { fieldPath: chance.pick(['metadata.name', 'spec.ports[0].port', 'kind']) } }
            : {}),
        },
      ];
    }
    if (this.isNoted && chance.maybe()) kustomization.buildMetadata = chance.some(BUILD_METADATA);
    if (chance.maybe(0.15)) {
      const json = chance.maybe();
      kustomization.crds = [
        this.write(layer, json ? 'crds.json' : 'crds.yaml', json ? JSON.stringify(WIDGET) : yaml(WIDGET)),
      ];
    }
  }

  private layer(folder: string, component = false): Layer {
    const kustomization: JsonMap = component
      ? { apiVersion: 'kustomize.config.k8s.io/v1alpha1', kind: 'Component' }
      : {};
    return { folder, kustomization };
  }

  private work(layer: Layer): void {
    const { chance } = this;
    this.settings(layer);
    if (chance.maybe(0.6)) this.patches(layer);
    if (chance.maybe(0.3)) this.generator(layer);
    if (chance.maybe(0.15)) this.generator(layer);
    if (chance.maybe(0.25)) this.replacement(layer);
  }

  private finish({ folder, kustomization }: Layer): void {
    if (Object.keys(kustomization).length === 0) kustomization.resources = [];
    this.files[`${folder}/kustomization.yaml`] = yaml(kustomization);
  }

  make(): RandomTree {
    const { chance } = this;
    const base = this.layer('base');
    this.addObjects(base, 6);
    if (chance.maybe(0.4)) this.work(base);
    this.finish(base);
    let inner = 'base';
    const depth = 1 + chance.below(3);
    for (let level = 1; level <= depth; level++) {
      const layer = this.layer(`layer${level}`);
      layer.kustomization.resources = [`../${inner}`];
      if (chance.maybe(0.3)) this.addObjects(layer, 2, String(level));
      if (chance.maybe(0.1)) {
        const twin = this.layer(`twin${level}`);
        twin.kustomization.resources = [`../${inner}`];
        twin.kustomization.namePrefix = `t${level}-`;
        if (chance.maybe()) this.work(twin);
        this.finish(twin);
        (layer.kustomization.resources as Json[]).push(`../twin${level}`);
      }
      if (chance.maybe(0.25)) {
        const component = this.layer(`component${level}`, true);
        if (chance.maybe(0.3)) this.addObjects(component, 2, `c${level}`);
        this.work(component);
        this.finish(component);
        layer.kustomization.components = [`../component${level}`];
      }
      this.work(layer);
      this.finish(layer);
      inner = layer.folder;
    }
    return { files: this.files, folder: inner };
  }
}

/** The tree of a seed. */
export function randomTree(seed: number): RandomTree {
  return new TreeMaker(new Chance(seed)).make();
}
