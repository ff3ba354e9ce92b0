/** Gives a Flux Kustomization the variables that others set for the same manifests, as these have them: none where a value would be guessed. */
import { below } from '../../base/anchor.ts';
import { pathKeys } from '../../base/path.ts';
import { sameData } from '../../base/same-data.ts';
import type { FilledFolder } from '../../deploy/deployment.ts';
import type { Fix } from '../../rules/rule.ts';
import { listed } from '../../rules/shared/wording.ts';
import type { NodeEdit, YamlValue } from '../../yaml/edit.ts';
import { entries, get, items, rootCursor } from '../../yaml/read.ts';
import type { Documents } from '../../yaml/source.ts';
import { reach } from '../deployed/built-places.ts';
import { dataOf } from '../deployed/trial-builds.ts';

/** What a `postBuild` says. */
interface PostBuild {
  readonly file: string;
  readonly sources: readonly YamlValue[];
  readonly inline: ReadonlySet<string>;
  readonly folder: FilledFolder;
}

/**
 * @param names the variables that are lacking
 * @param others those that set all of them
 */
export function postBuildFixes(
  folder: FilledFolder,
  names: readonly string[],
  others: readonly FilledFolder[],
  documents: Documents,
): readonly Fix[] {
  const { substitution, isUnfilled, name } = folder;
  const { place } = substitution;
  const postBuild =
    isUnfilled === true && place !== undefined ? below({ doc: place.doc, path: place.path }, 'postBuild') : undefined;
  const at = substitution.postBuild ?? postBuild;
  const models = others.flatMap((other) => postBuildOf(other, documents) ?? []);
  const [model] = models;
  const own = at && postBuildOf({ ...folder, substitution: { ...substitution, postBuild: at } }, documents);
  const file = at && documents.document(at.doc)?.file;
  if (at === undefined || file === undefined || model === undefined || models.length < others.length) return [];
  const inline = names.filter((one) => models.every((other) => other.inline.has(one)));
  const sourced = names.filter((one) => models.every((other) => !other.inline.has(one)));
  const isAlike = models.every(({ sources }) => sameData(sources, model.sources));
  const hasSources = own !== undefined && own.sources.length > 0;
  if (inline.length + sourced.length < names.length || (sourced.length > 0 && (hasSources || !isAlike))) return [];
  const values = inline.map((one) => [one, valueFor(one, file, models)] as const);
  const known = values.flatMap(([one, value]) => (value === undefined ? [] : [[one, value] as const]));
  if (known.length < inline.length) return [];
  const sources = sourced.length === 0 ? [] : model.sources;
  const edits: readonly NodeEdit[] =
    own === undefined || (own.inline.size === 0 && !hasSources)
      ? [
          {
            op: 'set',
            at,
            value: {
              ...(known.length === 0 ? {} : { substitute: Object.fromEntries(known) }),
              ...(sources.length === 0 ? {} : { substituteFrom: sources }),
            },
          },
        ]
      : [
          ...known.map(([one, value]): NodeEdit => ({ op: 'set', at: below(at, 'substitute', one), value })),
          ...(sources.length === 0
            ? []
            : [{ op: 'set' as const, at: below(at, 'substituteFrom'), value: [...sources] }]),
        ];
  const title = `Set ${listed(names)} for ${name ?? 'it'} as ${listed([...new Set(models.map((one) => one.file))].sort())}`;
  return [{ title, safe: false, preferred: true, edits: () => edits }];
}

function postBuildOf(folder: FilledFolder, documents: Documents): PostBuild | undefined {
  const at = folder.substitution.postBuild;
  const root = at && documents.parsed(at.doc)?.root;
  const found = root && reach(rootCursor(at.doc, root), pathKeys(at.path));
  const file = at && documents.document(at.doc)?.file;
  if (found?.exists !== true || file === undefined) return undefined;
  const sources = items(get(found.cursor, 'substituteFrom')).map(({ node }) => dataOf(node) as YamlValue);
  const inline = new Set(entries(get(found.cursor, 'substitute')).map(([key]) => key));
  return { file, sources, inline, folder };
}

/** What all others have, or what each is called after by the folder in which it lies. */
function valueFor(name: string, file: string, models: readonly PostBuild[]): string | undefined {
  const steps = file.split('/');
  const values = models.map(({ folder, file: theirs }) => {
    const value = folder.substitution.variables.get(name)?.value;
    const segments = theirs.split('/');
    const step = value === undefined ? -1 : segments.indexOf(value);
    return { value, derived: step >= 0 && segments.length === steps.length ? steps[step] : undefined };
  });
  const [first, ...more] = values;
  if (first?.derived !== undefined && more.every(({ derived }) => derived === first.derived)) return first.derived;
  return more.length > 0 && more.every(({ value }) => value === first?.value) ? first?.value : undefined;
}
