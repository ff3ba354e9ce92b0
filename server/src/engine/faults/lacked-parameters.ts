/** Parameters that the template of an ApplicationSet names and an element does not have: Argo CD does not make of them what is meant. */
import type { LackedParameter } from '../../deploy/deployment.ts';
import type { Documents } from '../../yaml/source.ts';
import type { JudgedBuilds, KustomizationFault } from './kustomization-findings.ts';

/** What Argo CD does (argo-cd, `applicationset/utils/utils.go`, `Replace`, and `applicationset_controller.go`, `Reconcile`; Go's `text/template`, option `missingkey`). */
const EFFECTS: Readonly<Record<LackedParameter['effect'], string>> = {
  refused: 'Argo CD refuses the whole ApplicationSet, and makes and changes no application',
  'no-value': 'Argo CD writes <no value> in its place',
  empty: 'Argo CD writes nothing in its place',
  left: 'Argo CD leaves the reference as it is written',
  unmerged: 'Argo CD leaves out what this one sets',
  none: 'Argo CD makes no application',
  'left-out': 'Argo CD makes no application for it',
};

export function* lackedParameters(
  { lackedParameters: lacked }: Pick<JudgedBuilds, 'lackedParameters'>,
  documents: Documents,
): Generator<KustomizationFault> {
  for (const parameter of lacked) {
    const { at, name, effect, had, meant, given, environment, edit } = parameter;
    const location = documents.locate(at);
    if (location === undefined) continue;
    const place = had && documents.locate(had);
    const perhaps =
      meant === undefined
        ? ''
        : had === undefined
          ? ` Perhaps ${meant} is meant.`
          : ` Perhaps ${meant} is meant to be it.`;
    yield {
      severity: 'warning',
      message: `${whatIsLacking(parameter)}: ${environment === undefined ? EFFECTS[effect] : 'helmfile refuses to render it'}.${perhaps}`,
      location,
      at,
      related:
        had === undefined || place === undefined
          ? []
          : [{ at: had, cluster: undefined, message: `${name} is here in another one`, location: place }],
      fixes:
        edit === undefined
          ? []
          : [
              {
                title:
                  given !== undefined
                    ? `Set ${name} to ${given}, as others have it`
                    : had === undefined
                      ? `Change ${name} to ${meant}`
                      : `Rename ${meant} to ${name}`,
                safe: false,
                preferred: true,
                edits: () => [edit],
              },
            ],
    };
  }
}

function whatIsLacking({ name, effect, had, environment }: LackedParameter): string {
  if (environment !== undefined)
    return `Environment ${environment} lacks the value ${name}, which others have and templates name`;
  if (effect === 'none') return `No Secret of a cluster has the label ${name}, by which the generator picks clusters`;
  if (effect === 'left-out')
    return `The Secret of this cluster lacks the label ${name}, by which the generator picks others`;
  if (had !== undefined)
    return `This element of the ApplicationSet lacks the parameter ${name}, which others have and the template names`;
  return effect === 'unmerged'
    ? `The first of the generators that are merged has no element with ${name}`
    : `No element of the ApplicationSet has the parameter ${name}`;
}
