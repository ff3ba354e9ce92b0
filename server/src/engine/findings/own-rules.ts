/** The ids outside the rule catalogue: what the engine itself reports (contract, "Names"). They have pages as rules have. */
import { RULES } from '../../rules/registry.ts';
import type { RuleMeta } from '../../rules/rule.ts';

/** What is the same for all of them: none is about Istio, so no page of its documentation states them. */
const OWN = { group: 'foundations', limitation: null, reads: [], docs: '' } as const;

export const INVALID_CONFIGURATION: RuleMeta = {
  ...OWN,
  id: 'invalid-configuration',
  summary: 'The configuration file must hold only keys and values that exist, and agree with the manifests.',
  why: 'A key or value of `.ambient-multicluster.yaml` that does not exist is left out, and the rest of the file counts. A path that matches no file leaves its cluster without manifests, so nothing is found there. Where manifests state a network or meshID, that counts and not the one in the configuration.',
  severity: 'error',
  otherwise: {
    warning: 'where the manifests contradict it, or something is left out because of it',
    info: 'where it may be meant so',
    hint: 'where it does nothing, or only a word is near another one',
  },
  fix: 'both',
  howToFix:
    'Take the word that the message suggests, or one that the editor completes. `ambient-multicluster clusters` lists which files each cluster gets, and why.',
  whenToSilence:
    "For what may be meant so: `rules: { invalid-configuration: 'off' }` in the file itself. No comment silences it.",
  references: [],
};

export const INVALID_KUSTOMIZATION: RuleMeta = {
  ...OWN,
  id: 'invalid-kustomization',
  summary:
    'kustomize must build for a cluster of the mesh what is meant: nothing that it refuses, no idle patch, no folder or values of another cluster, no placeholder left, no file forgotten, no other names than in other clusters, no variable of Flux unset.',
  why: 'When kustomize refuses a kustomization, `kubectl apply -k`, Argo CD and Flux apply nothing of it: the cluster keeps what it had, and drifts from the others. Of a patch that selects nothing, and of a placeholder that is replaced in one overlay and left in another, kustomize says nothing: the cluster gets the object without the change. A file beside a kustomization that does not list it is left out as silently. A `namePrefix` or `nameSuffix` of one overlay renames Services and waypoints there: they are no longer the Services that other clusters have, and labels that name the waypoint keep its old name. Where the Applications of several clusters have one destination, that cluster gets the manifests of all of them, and the others get nothing. What is sent to a destination that misspells a cluster never reaches it. Where a path was copied with the deployment of one cluster, the other gets folders or Helm values of that one, and its own are left unused. Without a folder, or a file of values, that they are told to take, Argo CD, Flux and helmfile apply nothing; nor does Flux without a ConfigMap that it is told to read, unless that is optional, or of an object without a namespace. Helm finds no chart under a misspelt name, so nothing is installed. Argo CD refuses a second application of one name, as of an element of an ApplicationSet that was copied with the name of its cluster. Of a parameter that an element of an ApplicationSet lacks, Argo CD makes `<no value>`, or nothing. A variable that a Flux Kustomization does not set is empty in what it applies; if Flux is strict (`StrictPostBuildSubstitutions`), it applies nothing. Without variables in `postBuild`, Flux fills in nothing at all, and what reaches the cluster are the references as they are written.',
  severity: 'error',
  otherwise: {
    warning:
      'where a file or folder, or a ConfigMap of which one is called alike, is missing, a folder, or values, go to another cluster than they are called after, a patch changes nothing, a placeholder is left, a cluster lacks what a file holds that is not listed, or a variable of Flux, or a parameter of an ApplicationSet, is unset; changed names, and values of another cluster, are as grave as what follows from them',
    hint: 'if that may be meant, or may be there when kustomize runs',
  },
  fix: 'unsafe',
  howToFix:
    'Run `kustomize build` in the folder that the message names: it stops at the same place. Where the base of a sibling is named, include it; where another name is, take that for the target of the patch. List the file that was forgotten in `resources`; if it is left out on purpose, name it in a comment of the kustomization.',
  whenToSilence:
    "For folders that nobody applies: `rules: { invalid-kustomization: { exclude: ['old/**'] } }`. No comment silences it.",
  references: [
    'https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/',
    'https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution',
  ],
};

export const UNUSED_SUPPRESSION: RuleMeta = {
  ...OWN,
  id: 'unused-suppression',
  summary: 'A suppression must suppress something.',
  why: 'A comment, an annotation or an entry of `ignore` that silences nothing hides what comes later: the next finding of its rule there is never seen. It stays behind when what it was for is fixed, when its day is over, or when the rule is misspelt. One with a misspelt keyword silences nothing from the start: no fix is made unasked of a finding that it was to silence, until it is corrected or gone.',
  severity: 'hint',
  fix: 'unsafe',
  howToFix:
    'Remove it, or correct the name of the rule. Give an entry that has expired a later date only if its reason still holds.',
  whenToSilence:
    "If only some of the clusters are checked at a time, so that what it silences is not in sight: `rules: { unused-suppression: 'off' }`.",
  references: [],
};

/** All of them. */
export const OWN_RULES: readonly RuleMeta[] = [INVALID_CONFIGURATION, INVALID_KUSTOMIZATION, UNUSED_SUPPRESSION];

/** Whatever a finding can be of: the rules, and then the ids outside the catalogue. */
export const FINDING_RULES: readonly RuleMeta[] = [...RULES, ...OWN_RULES];

/** Every id that a finding can have. */
export const FINDING_IDS: readonly string[] = FINDING_RULES.map(({ id }) => id);
