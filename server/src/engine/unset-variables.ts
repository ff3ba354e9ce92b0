/**
 * Variables that Flux leaves empty because nothing sets them. Where another Kustomization that applies the same folder sets one, or one is
 * called a little otherwise, it is forgotten or misspelt; else it may be meant, and is told as a hint.
 */
import { below } from '../base/anchor.ts';
import { nearestWord } from '../config/did-you-mean.ts';
import type { Unit } from '../deploy/unit.ts';
import { listed } from '../rules/wording.ts';
import type { Documents } from '../yaml/source.ts';
import type { KustomizationFault } from './kustomization-findings.ts';

export function* unsetVariables(units: readonly Unit[], documents: Documents): Generator<KustomizationFault> {
  if (!units.some(({ variables }) => variables !== undefined && variables.unset.length > 0)) return;
  const byFolder = new Map<string, Unit[]>();
  for (const unit of units) {
    const { folder, variables } = unit;
    if (folder === undefined || variables === undefined) continue;
    const known = byFolder.get(folder);
    if (known === undefined) byFolder.set(folder, [unit]);
    else known.push(unit);
  }
  for (const same of byFolder.values()) for (const unit of same) yield* faultsOf(unit, same, documents);
}

function* faultsOf(
  { variables, name: title }: Unit,
  same: readonly Unit[],
  documents: Documents,
): Generator<KustomizationFault> {
  const { by, set, unset } = variables ?? { set: [], unset: [] };
  if (by === undefined) return;
  for (const name of new Set(unset.map((one) => one.name))) {
    const places = unset.filter((one) => one.name === name);
    const setting = same.flatMap((other) => (other.variables?.set.includes(name) ? [other.variables.by] : []));
    const near = setting.length > 0 ? undefined : nearestWord(name, set);
    // What others set is forgotten where the Kustomization is; what nobody sets is written where it is not known.
    const at = setting.length > 0 ? below(by, 'spec', 'postBuild') : places[0]?.at;
    const location = at && documents.locate(at);
    if (at === undefined || location === undefined) continue;
    const files = setting.flatMap(({ doc }) => documents.document(doc)?.file ?? []);
    const cause =
      setting.length > 0
        ? ` ${listed([...new Set(files)].sort())} ${files.length > 1 ? 'set' : 'sets'} it.`
        : near === undefined
          ? ''
          : ` Perhaps \${${near}} is meant.`;
    const related = setting.length === 0 ? [by] : places.map((one) => one.at);
    yield {
      severity: setting.length > 0 || near !== undefined ? 'warning' : 'hint',
      message: `Nothing sets \${${name}} for the Flux Kustomization ${title ?? ''}: it is left empty there, and refused in strict mode.${cause}`,
      location,
      at,
      related: related.flatMap((place) => {
        const where = documents.locate(place);
        const message = setting.length === 0 ? 'what fills it in' : 'it is used here';
        return where === undefined ? [] : [{ at: place, cluster: undefined, message, location: where }];
      }),
    };
  }
}
