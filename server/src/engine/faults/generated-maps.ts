/** References to what kustomize generates under another name: where the generator has the wrong one, or nothing tells kustomize of the references. */
import { type Anchor, below } from '../../base/anchor.ts';
import { folderOf, resolvePath } from '../../base/relative-path.ts';
import { addTo } from '../../base/remember.ts';
import { sameData } from '../../base/same-data.ts';
import type { LackedObject } from '../../deploy/deployment.ts';
import type { BuiltObject } from '../../deploy/kustomize/build-result.ts';
import type { Fix } from '../../rules/rule.ts';
import { listed } from '../../rules/shared/wording.ts';
import type { YamlValue } from '../../yaml/edit.ts';
import { get } from '../../yaml/read.ts';
import type { Documents } from '../../yaml/source.ts';
import { asWritten, kustomizationRoot, listPlace } from '../deployed/kustomization-entries.ts';
import { placedSides } from '../findings/own-findings.ts';
import { changeTo } from '../fixes/change-to.ts';
import type { JudgedBuilds, KustomizationFault } from './kustomization-findings.ts';

type Judged = Pick<JudgedBuilds, 'of'>;

/** The objects that builds which read a reference generate. */
function generatedFor({ at, kind }: LackedObject, { of }: Judged, documents: Documents): readonly BuiltObject[] {
  const file = documents.document(at.doc)?.file ?? '';
  return of.flatMap(({ build }) =>
    build.uses.includes(file) ? build.objects.filter((one) => one.generated && one.original.kind === kind) : [],
  );
}

/** Where one cluster generates under a misspelt name what others generate under the one that they share: told at that name. */
export function* misnamedGenerators(
  lacked: LackedObject,
  judged: Judged,
  documents: Documents,
): Generator<KustomizationFault> {
  const { kind, name, meant, at } = lacked;
  const generated = generatedFor(lacked, judged, documents);
  if (!generated.some(({ original }) => original.name === name)) return;
  for (const { original, root } of generated) {
    const place = original.name === meant && root.origin ? below(root.origin, 'name') : undefined;
    const location = place && documents.locate(place);
    if (place === undefined || location === undefined) continue;
    yield {
      severity: 'warning',
      message: `Flux is told to read ${kind} ${name}, which kustomize generates for others, and here as ${meant}: it applies nothing without it. Perhaps ${name} is meant.`,
      location,
      at: place,
      related: placedSides([{ at, message: `here ${name} is read` }], documents),
      fixes: changeTo(place, name),
    };
  }
}

/** What in a kustomization makes references follow the names of what is generated, or leaves these names as they are. */
const REMEDIES = ['configurations', 'generatorOptions'];

/** Told once for all that a kustomization generates: at what it lacks and those of others have, else at the first of the references. */
export function* unrenamedReferences(
  all: readonly LackedObject[],
  judged: Judged,
  documents: Documents,
): Generator<KustomizationFault> {
  const groups = new Map<string, LackedObject[]>();
  const others = new Map<LackedObject, ReadonlySet<string>>();
  for (const lacked of all) {
    const generated = generatedFor(lacked, judged, documents);
    const own = generated.find(({ current }) => current.name === lacked.hashed);
    addTo(groups, own?.file ?? '', lacked);
    others.set(lacked, new Set(generated.flatMap((one) => (one.original.name === lacked.name ? one.file : []))));
  }
  for (const [file, found] of groups) {
    const [first] = found as [LackedObject, ...LackedObject[]];
    const peers = [...(others.get(first) ?? [])].filter((other) => !groups.has(other));
    const remedy = remedyIn(peers, file, documents);
    const at = remedy?.at ?? first.at;
    const location = documents.locate(at);
    if (location === undefined) continue;
    const names = [...new Set(found.map(({ name }) => name))];
    const maps = `${first.kind}${names.length > 1 ? 's' : ''} ${listed(names.sort())}`;
    const [them, and] = names.length > 1 ? ['them', ' and so on'] : ['it', ''];
    const what =
      remedy === undefined
        ? `Set disableNameSuffixHash for ${them}, or name the field in a file of configurations.`
        : `${listed(peers.map(folderOf).sort())} ${peers.length > 1 ? 'have' : 'has'} ${remedy.key} for that.`;
    const sides = found.flatMap((one) => (one.at === at ? [] : [{ at: one.at, message: `here ${one.name} is read` }]));
    yield {
      severity: 'warning',
      message: `Flux is told to read ${maps}, which kustomize makes as ${first.hashed}${and}, and it renames no reference to ${them} there: Flux applies nothing. ${what}`,
      location,
      at,
      related: placedSides(sides, documents),
      fixes: remedy?.fixes ?? [],
    };
  }
}

/** The first remedy that the kustomizations of all others have, and one lacks. */
function remedyIn(
  peers: readonly string[],
  file: string,
  documents: Documents,
): { readonly key: string; readonly at: Anchor; readonly fixes: readonly Fix[] } | undefined {
  const folder = folderOf(file);
  const own = kustomizationRoot(folder, { documents });
  if (own === undefined || peers.length === 0) return undefined;
  const isReadable = (value: YamlValue): boolean =>
    !Array.isArray(value) ||
    value.every((path) => documents.file(resolvePath(folder, String(path)) ?? '') !== undefined);
  for (const key of REMEDIES) {
    const [first, ...more] = peers.map((peer) => get(kustomizationRoot(folderOf(peer), { documents }), key)?.node);
    if (first === undefined || more.includes(undefined) || get(own, key) !== undefined) continue;
    const value = asWritten(first);
    const isSame = more.every((node) => node && sameData(asWritten(node), value));
    const edits = () => [{ op: 'set', at: below(own.at, key), value } as const];
    const fixes =
      isSame && isReadable(value) ? [{ title: `Add ${key} to ${file}`, safe: false, preferred: true, edits }] : [];
    return { key, at: listPlace(folder, key, { documents }) ?? own.at, fixes };
  }
  return undefined;
}
