/**
 * Variables that a Flux Kustomization does not set: one that another one sets for the same manifests, or that nothing sets. Flux leaves
 * them empty, or refuses them where it is strict (fluxcd/pkg, `kustomize/kustomize_varsub.go`, `varSubstitution`).
 */
import { type Anchor, keyOf, sameAnchor } from '../../base/anchor.ts';
import { nearestWord } from '../../config/did-you-mean.ts';
import type { FilledFolder, VariableUse } from '../../deploy/deployment.ts';
import { isKeySlip, isSlip } from '../../deploy/name-slip.ts';
import { listed } from '../../rules/shared/wording.ts';
import type { NodeEdit } from '../../yaml/edit.ts';
import type { Documents } from '../../yaml/source.ts';
import { placedSides } from '../findings/own-findings.ts';
import { postBuildFixes } from '../fixes/post-build-fixes.ts';
import type { KustomizationFault } from './kustomization-findings.ts';

/** A variable that is set for manifests. */
interface Setting {
  readonly use: VariableUse;
  readonly at: Anchor;
}

/** Told at each Kustomization that leaves variables unset which another one sets where they are filled into the very same place. */
export function* unsetVariables(folders: readonly FilledFolder[], documents: Documents): Generator<KustomizationFault> {
  const set = new Map<string, Setting[]>();
  for (const { substitution, uses } of folders) {
    for (const use of uses) {
      const known = substitution.variables.get(use.variable);
      if (known === undefined) continue;
      const same = set.get(use.variable);
      if (same === undefined) set.set(use.variable, [{ use, at: known.at }]);
      else if (!same.some((one) => sameAnchor(one.use.at, use.at))) same.push({ use, at: known.at });
    }
  }
  const used = new Set(folders.flatMap(({ uses }) => uses.map(({ variable }) => variable)));
  for (const folder of folders) {
    const { name, substitution, isUnfilled = false, uses } = folder;
    const { open, place } = substitution;
    if (place === undefined) continue;
    const missed = uses.flatMap((use): readonly Setting[] => {
      const by = isSet(substitution, use.variable)
        ? undefined
        : set.get(use.variable)?.find((one) => sameAnchor(one.use.at, use.at));
      // A default is often what is meant, and something out of sight may set it.
      const isSure = isUnfilled || (use.hasDefault !== true && !open);
      return by === undefined || (!isSure && misspeltAs(use, substitution, used, folders).length === 0)
        ? []
        : [{ ...by, use }];
    });
    const [first] = missed;
    if (first === undefined) continue;
    const names = [...new Set(missed.map(({ use }) => use.variable))].sort();
    const others = folders.filter((other) =>
      missed.every(
        ({ use }) =>
          other.substitution.variables.has(use.variable) && other.uses.some(({ at }) => sameAnchor(at, use.at)),
      ),
    );
    const files = [...new Set(missed.map(({ at }) => documents.document(at.doc)?.file ?? ''))].sort();
    const sides = missed.flatMap(({ use, at }) => [
      { at, message: `${use.variable} is set here` },
      { at: use.at, message: `${use.variable} is filled in here` },
    ]);
    const misspelt = missed
      .flatMap(({ use }) => misspeltAs(use, substitution, used, folders))
      .filter(({ meant }, i, all) => all.findIndex((other) => other.meant === meant) === i);
    const [slip] = misspelt;
    const at = slip === undefined ? place : keyOf(slip.at);
    const location = documents.locate(at);
    if (location === undefined) continue;
    const hasDefault = missed.every(({ use }) => use.hasDefault);
    const meanings = misspelt.map(({ meant, written }) => `${written} is meant to be ${meant}`);
    const advice =
      meanings.length > 0 ? `Perhaps ${listed(meanings)}` : `Set ${names.length > 1 ? 'them' : 'it'} here, too`;
    yield {
      severity: 'warning',
      message: isUnfilled ? notFilled(name, names, files) : `${notSet(name, names, files, hasDefault)} ${advice}.`,
      location,
      at,
      related: distinct(placedSides(sides, documents)),
      fixes:
        misspelt.length > 0
          ? misspelt.map(({ meant, written, at }) => ({
              title: `Rename ${written} to ${meant}`,
              safe: false,
              preferred: true,
              edits: () => [{ op: 'rename-key', at, from: written, key: meant }],
            }))
          : postBuildFixes(folder, names, others, documents),
    };
  }
}

interface MisspeltName {
  readonly meant: string;
  readonly written: string;
  readonly at: Anchor;
}

/** The variable that is set and filled in nowhere, if it is called like one that is not set. Beside a default it is a letter off, and nobody else has it. */
function misspeltAs(
  { variable: meant, hasDefault }: VariableUse,
  { variables, open }: FilledFolder['substitution'],
  used: ReadonlySet<string>,
  folders: readonly FilledFolder[],
): readonly MisspeltName[] {
  const idle = [...variables.keys()].filter((name) => !used.has(name));
  const isOfOthers = (name: string): boolean =>
    folders.some(({ substitution: { variables: own } }) => own.has(meant) && own.has(name));
  const written =
    hasDefault || open ? idle.find((name) => isKeySlip(name, meant) && !isOfOthers(name)) : nearestWord(meant, idle);
  const at = written === undefined ? undefined : variables.get(written)?.at;
  return written === undefined || at === undefined ? [] : [{ meant, written, at }];
}

function notSet(name = '', variables: readonly string[], files: readonly string[], hasDefault: boolean): string {
  const them = variables.length > 1 ? 'them' : 'it';
  return `Kustomization ${name} does not set ${listed(variables)}, as ${listed(files)} ${files.length > 1 ? 'do' : 'does'}: ${hasDefault ? 'Flux fills in the default' : `Flux leaves empty what is filled in with ${them}, or, if it is strict, applies nothing`}.`;
}

function notFilled(name = '', variables: readonly string[], files: readonly string[]): string {
  const written = listed(variables.map((variable) => `\${${variable}}`));
  return `Kustomization ${name} sets no variables in postBuild, so Flux fills in nothing: the cluster gets ${written} as written, which ${listed(files)} ${files.length > 1 ? 'set' : 'sets'} for others. Give it a postBuild, too.`;
}

/**
 * Told at the values that are filled with variables which no Kustomization with these manifests sets, once for each variable. One that others
 * take from a ConfigMap may be set in the cluster: there are webhooks that write such a ConfigMap into every Kustomization.
 */
export function* unknownVariables(
  folders: readonly FilledFolder[],
  documents: Documents,
): Generator<KustomizationFault> {
  const unset = new Map<string, VariableUse[]>();
  const settable = new Map<string, FilledFolder[]>();
  for (const folder of folders) {
    for (const use of folder.isUnfilled === true ? [] : folder.uses) {
      if (use.hasDefault === true) continue;
      // In a text of several lines it may be meant for whoever reads that, such as a shell.
      if (use.within?.includes('\n') === true) continue;
      unset.set(use.variable, [...(unset.get(use.variable) ?? []), use]);
      settable.set(use.variable, [...(settable.get(use.variable) ?? []), folder]);
    }
  }
  for (const [variable, uses] of unset) {
    const filling = settable.get(variable) ?? [];
    const [first, ...others] = distinct(uses);
    const location = first && documents.locate(first.at);
    const isUnknown = filling.some(({ substitution: one }) => one.place === undefined || isSet(one, variable));
    if (isUnknown || first === undefined || location === undefined) continue;
    const known = filling.map(({ substitution }) => substitution.variables);
    const set = [...(known[0]?.keys() ?? [])].filter((name) => known.every((variables) => variables.has(name)));
    const isOpen = filling.some(({ substitution }) => substitution.open);
    const meant = isOpen ? set.find((name) => isInside(name, variable)) : nearestWord(variable, set);
    if (isOpen && meant === undefined) continue;
    const edits = () => [first, ...others].map((use) => renamed(use, meant ?? variable));
    const forOthers = folders.flatMap(({ substitution }) => substitution.written?.get(variable) ?? []).slice(0, 1);
    const [by] = forOthers.flatMap((at) => documents.document(at.doc)?.file ?? []);
    const names = listed([...new Set(filling.flatMap(({ name }) => name ?? []))].sort());
    const effect = 'Flux leaves empty what is filled in with it, or, if it is strict, applies nothing';
    const nothing =
      by === undefined
        ? `Nothing sets the variable ${variable}: ${effect}.`
        : `Kustomization${/ and /.test(names) ? 's' : ''} ${names} ${/ and /.test(names) ? 'do' : 'does'} not set ${variable}, which ${by} sets for others: ${effect}, unless something sets it in the cluster.`;
    const sides = [
      ...others.map(({ at }) => ({ at, message: `${variable} is filled in here` })),
      ...forOthers.map((at) => ({ at, message: `${variable} is set here` })),
    ];
    yield {
      severity: by === undefined ? 'warning' : 'hint',
      message: meant === undefined ? nothing : `${nothing} Perhaps ${meant} is meant.`,
      location,
      at: first.at,
      related: placedSides(sides, documents),
      fixes:
        meant === undefined ? [] : [{ title: `Change ${variable} to ${meant}`, safe: false, preferred: true, edits }],
    };
  }
}

/** True for a letter within the name: what is called otherwise at its ends, such as a plural, may be another variable. */
function isInside(name: string, other: string): boolean {
  return name[0] === other[0] && name.at(-1) === other.at(-1) && isSlip(name, other);
}

function isSet({ variables, unknown }: FilledFolder['substitution'], variable: string): boolean {
  return variables.has(variable) || unknown?.has(variable) === true;
}

/** The edit that fills in another variable. */
function renamed({ variable, at, within }: VariableUse, meant: string): NodeEdit {
  const [old, value] = [`\${${variable}}`, `\${${meant}}`];
  const text = within?.replaceAll(old, () => value) ?? value;
  return at.part === 'key' ? { op: 'rename-key', at, from: within ?? old, key: text } : { op: 'set', at, value: text };
}

function distinct<T extends { readonly at: Anchor }>(sides: readonly T[]): readonly T[] {
  return sides.filter((side, i) => sides.findIndex((other) => sameAnchor(other.at, side.at)) === i);
}
