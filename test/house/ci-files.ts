/** Reads the files by which the pipelines of users run us. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export interface Hook {
  readonly id: string;
  readonly entry: string;
  readonly language: string;
  readonly files: string;
  readonly pass_filenames: boolean;
}

export interface Step {
  readonly name: string;
  readonly id?: string;
  readonly if?: string;
  readonly shell?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string>>;
  readonly 'continue-on-error'?: boolean;
}

export interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

export function readHooks(): readonly Hook[] {
  return parse(readFileSync('.pre-commit-hooks.yaml', 'utf8'));
}

export function readAction(): Action {
  return parse(readFileSync('action.yml', 'utf8'));
}
