/** Why files are not read, in words, in the order in which people are told: what they can mend comes first. */
import { isKustomizationFile } from '../facts/foreign.ts';
import type { Layout, SkippedFile, SkipReason } from './layout.ts';

/** Each is a sentence. */
export const SKIP_REASONS: Readonly<Record<SkipReason, string>> = {
  'broken-yaml': 'The YAML is broken',
  failed: 'This program failed on it; please report that',
  unreadable: 'The file system does not allow it',
  memory: 'There was not enough memory for more files',
  'too-large': 'Files of more than 5 MB are not read',
  binary: 'Binary files are not read',
  kustomization: 'kustomize leaves it out, needs something that is not in the workspace, or refuses to build it',
  'argo-cd': 'What Argo CD deploys there is not in the workspace',
  flux: 'What Flux deploys there is not in the workspace',
  'helm-template': 'Templates of Helm charts say nothing before they are rendered',
  template: 'Templates say nothing before they are filled in',
  ansible: 'Ansible makes manifests of it only when it runs',
  crossplane: 'Crossplane makes objects of it only in a cluster',
  'other-tool': 'What another tool makes of it, or where it takes it, is not in the workspace',
  commands:
    'Commands in it hand settings to helm or istioctl; of these nothing is said to be missing where the commands may run',
  encrypted: 'It is encrypted',
  'left-over': 'No deployment names these values, and those of their chart name all that they take',
  'set-apart': 'Examples, tests, archives, rendered copies and folders to copy beside what is deployed do not count',
};

/** True for a manifest that was read, and that kustomize leaves out: what it holds is known, and in no cluster for all that is in sight. */
export function isLeftOutOfBuild({ file, reason }: SkippedFile): boolean {
  return reason === 'kustomization' && !isKustomizationFile(file);
}

/** Files for which there was no room beside the others. */
export function unfitted({ skipped }: Pick<Layout, 'skipped'>): readonly SkippedFile[] {
  return skipped.filter(({ reason }) => reason === 'memory');
}

export interface SkippedFor {
  readonly reason: SkipReason;
  readonly why: string;
  readonly files: readonly SkippedFile[];
}

/** Files by the reason why they are not read. */
export function skippedByReason(skipped: readonly SkippedFile[]): readonly SkippedFor[] {
  return (Object.keys(SKIP_REASONS) as SkipReason[]).flatMap((reason) => {
    const files = skipped.filter((file) => file.reason === reason);
    return files.length === 0 ? [] : [{ reason, why: SKIP_REASONS[reason], files }];
  });
}
