/** The ids outside the rule catalogue: what the engine itself reports (contract, "Names"). */
import { RULES } from '../rules/registry.ts';
import type { PlacedFinding } from './snapshot.ts';

type OwnRule = PlacedFinding['rule'];

export const INVALID_CONFIGURATION: OwnRule = {
  id: 'invalid-configuration',
  summary: 'The configuration file must hold only keys and values that exist.',
  group: 'foundations',
  limitation: null,
  docs: '',
};

export const INVALID_KUSTOMIZATION: OwnRule = {
  id: 'invalid-kustomization',
  summary:
    'kustomize must build for a cluster of the mesh what is meant: nothing that it refuses, no idle patch, no placeholder left.',
  group: 'foundations',
  limitation: null,
  docs: '',
};

export const UNUSED_SUPPRESSION: OwnRule = {
  id: 'unused-suppression',
  summary: 'A suppression must suppress something.',
  group: 'foundations',
  limitation: null,
  docs: '',
};

/** All of them. */
export const OWN_RULES: readonly OwnRule[] = [INVALID_CONFIGURATION, INVALID_KUSTOMIZATION, UNUSED_SUPPRESSION];

/** Every id that a finding can have. */
export const FINDING_IDS: readonly string[] = [...RULES, ...OWN_RULES].map(({ id }) => id);
