/** Variables that Flux fills in although nothing sets them: it leaves them empty, or refuses all of it in strict mode (fluxcd/pkg, `varSubstitution`). */
import type { Anchor } from '../../base/anchor.ts';
import type { DocumentFacts } from '../../facts/extract.ts';
import { type Cursor, entries, items } from '../../yaml/read.ts';
import type { Substitution } from '../deployment.ts';

/** The variables of one Kustomization. */
export interface FilledIn {
  /** The Kustomization. */
  readonly by: Anchor;
  readonly set: readonly string[];
  readonly unset: readonly UnsetVariable[];
}

export interface UnsetVariable {
  readonly name: string;
  /** The text that it stands in. */
  readonly at: Anchor;
}

/** `$${name}` stands for itself, and `${name:=default}` is not missed. */
const VARIABLE = /(\$+)\{([A-Za-z_]\w*)\}/g;

/**
 * @param objects before anything is filled in, with what they state after that
 * @returns undefined where not all variables are in sight, or it is all right
 */
export function filledInBy(
  by: Anchor,
  objects: readonly (readonly [object: Cursor, facts: DocumentFacts | undefined])[],
  { variables, open, mayBeMore }: Substitution,
): FilledIn | undefined {
  if (open || mayBeMore === true) return undefined;
  const unset = objects.flatMap(([object, facts]) =>
    facts !== undefined && isOfMesh(facts) ? [...textsIn(object)].flatMap(unsetIn) : [],
  );
  return { by, set: [...variables.keys()], unset };

  function unsetIn({ text, at }: { readonly text: string; readonly at: Anchor }): readonly UnsetVariable[] {
    return [...text.matchAll(VARIABLE)].flatMap(([, dollars = '', name = '']) =>
      dollars.length % 2 === 1 && !variables.has(name) ? [{ name, at }] : [],
    );
  }
}

/** Scripts in ConfigMaps and workloads have variables of their own. */
function isOfMesh({ objects, install, deploys }: DocumentFacts): boolean {
  return deploys === true || install.length > 0 || objects.some(({ kind }) => kind !== 'Workload');
}

function* textsIn(root: Cursor): Generator<{ readonly text: string; readonly at: Anchor }> {
  const open = [root];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, at } = next;
    if (node.type === 'scalar') {
      if (node.text.includes('${') && !node.text.includes('\n')) yield { text: node.text, at };
    } else {
      const parts = node.type === 'seq' ? items(next) : entries(next).map(([, value]) => value);
      open.push(...[...parts].reverse());
    }
  }
}
