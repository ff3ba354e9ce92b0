/** `buildMetadata`: notes in every object of who built it, where it comes from, and which settings it went through. */
import { resolvePath } from '../../base/relative-path.ts';
import { type Cursor, get, items } from '../../yaml/read.ts';
import type { DeployFiles } from '../deploy-files.ts';
import { loadPlugins } from './builtin-plugins.ts';
import { Draft } from './draft.ts';
import { findKustomization, type Kustomization, list, text } from './kustomization-file.ts';
import { type Change, setPairs, texts } from './metadata-settings.ts';
import { madeEntry, madeMap, madeString, textOf } from './placed-nodes.ts';
import { apiVersionOf, nameOf, namespaceOf, type Resource } from './resource.ts';

/** What this version of kustomize writes. */
const MANAGED_BY = 'kustomize-v5.8.1';

/** What a transformer or generator is configured by. */
interface Configured {
  readonly file: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name?: string;
  readonly namespace?: string;
}

/** The change of an object that the setting of the outermost kustomization makes. */
export function buildMetadata(kustomization: Kustomization, setting: Cursor, files: DeployFiles): Change {
  const { folder } = kustomization;
  const options = texts(setting);
  const set = (map: 'labels' | 'annotations', key: string, value: string): Change => {
    const pairs = madeMap([madeEntry(key, madeString(value, setting.at))], setting.at);
    return setPairs({ node: pairs, at: setting.at }, [{ path: `metadata/${map}`, create: true }]);
  };
  const changes: ((resource: Resource) => Change)[] = [];
  if (options.includes('managedByLabel')) {
    const change = set('labels', 'app.kubernetes.io/managed-by', MANAGED_BY);
    changes.push(() => change);
  }
  if (options.includes('originAnnotations')) {
    changes.push(({ source }) => set('annotations', 'config.kubernetes.io/origin', originText(folder, source)));
  }
  if (options.includes('transformerAnnotations')) {
    const known = new Map<string, readonly Configured[]>();
    changes.push(({ folders }) => {
      const passed = folders.flatMap((one) => {
        const found = known.get(one) ?? transformersOf(one, files);
        known.set(one, found);
        return found;
      });
      if (passed.length === 0) return (resource) => resource;
      const lines = passed.map((configured) => `- ${configuredText(folder, configured).join('\n  ')}\n`);
      return set('annotations', 'alpha.config.kubernetes.io/transformations', lines.join(''));
    });
  }
  return (resource) => changes.reduce((changed, change) => change(resource)(changed), resource);
}

function originText(folder: string, { file, generator }: Resource['source']): string {
  if (generator === undefined) return `path: ${scalar(pathFrom(folder, file))}\n`;
  const configured = { file, apiVersion: 'builtin', kind: `${generator}Generator` };
  return `${configuredText(folder, configured).join('\n')}\n`;
}

function configuredText(folder: string, { file, ...by }: Configured): readonly string[] {
  const fields = Object.entries(by).map(([key, value]) => `  ${key}: ${scalar(value)}`);
  return [`configuredIn: ${scalar(pathFrom(folder, file))}`, 'configuredBy:', ...fields];
}

function scalar(value: string): string {
  return /^[A-Za-z_./][\w./ -]*$/.test(value) ? value : JSON.stringify(value);
}

/** The way from a folder to a file. */
function pathFrom(folder: string, file: string): string {
  const from = folder === '' ? [] : folder.split('/');
  const to = file.split('/');
  while (from.length > 0 && from[0] === to[0]) {
    from.shift();
    to.shift();
  }
  return [...from.map(() => '..'), ...to].join('/');
}

/** The transformers of a kustomization in the order in which they run, each once for every entry that it has (`kusttarget_configplugin.go`). */
function transformersOf(folder: string, files: DeployFiles): readonly Configured[] {
  const found = findKustomization(files, folder);
  if (found.type !== 'found') return [];
  const { root, file } = found.kustomization;
  const count = (key: string): number => items(get(root, key)).length;
  const isSet = (key: string): number => (text(root, key) === undefined ? 0 : 1);
  const hasEntries = (key: string): number => {
    const node = get(root, key)?.node;
    return node?.type === 'map' && node.entries.length > 0 ? 1 : 0;
  };
  const labels = count('labels') + hasEntries('commonLabels') > 0 ? count('labels') + 1 : 0;
  const kinds: readonly (readonly [string, number])[] = [
    ['PatchStrategicMergeTransformer', Math.min(1, count('patchesStrategicMerge'))],
    ['PatchTransformer', count('patches')],
    ['NamespaceTransformer', isSet('namespace')],
    ['PrefixTransformer', isSet('namePrefix')],
    ['SuffixTransformer', isSet('nameSuffix')],
    ['LabelTransformer', labels],
    ['AnnotationsTransformer', hasEntries('commonAnnotations')],
    ['PatchJson6902Transformer', count('patchesJson6902')],
    ['ReplicaCountTransformer', count('replicas')],
    ['ImageTagTransformer', count('images') + count('imageTags')],
    ['ReplacementTransformer', Math.min(1, count('replacements'))],
  ];
  const own = kinds.flatMap(([kind, times]) => Array<Configured>(times).fill({ file, apiVersion: 'builtin', kind }));
  return [...own, ...namedTransformers(found.kustomization, files)];
}

/** Those under `transformers`, which have names and may lie in files of their own. */
function namedTransformers(kustomization: Kustomization, files: DeployFiles): readonly Configured[] {
  const { folder, root, doc, file } = kustomization;
  const draft = new Draft(files);
  return list(root, 'transformers').flatMap((entry) => {
    const found: Configured[] = [];
    draft.step(folder, entry.at, () => {
      for (const { root: plugin, kind } of loadPlugins(draft, kustomization, entry)) {
        const { node, at } = plugin;
        const own = at.doc === doc ? file : (resolvePath(folder, textOf(entry.node)) ?? file);
        const named = { file: own, apiVersion: apiVersionOf(node), kind, name: nameOf(node) };
        found.push(namespaceOf(node) === '' ? named : { ...named, namespace: namespaceOf(node) });
      }
    });
    return found;
  });
}
