/** A small language for schemas: one description from which types, validation, JSON Schema and editor settings come. */
import type { Anchor } from '../base/anchor.ts';

/** What a text must be, beyond being a text. */
export type TextFormat = 'any' | 'glob' | 'istio-version' | 'date' | 'rule';

export interface TextSchema {
  readonly type: 'text';
  readonly doc: string;
  readonly format: TextFormat;
}

export interface BooleanSchema {
  readonly type: 'boolean';
  readonly doc: string;
}

/** One of a few words. YAML 1.1 reads an unquoted `off` as false, which therefore stands for the word `off`. */
export interface ChoiceSchema<W extends string = string> {
  readonly type: 'choice';
  readonly doc: string;
  readonly words: readonly W[];
}

export interface ListSchema<I extends Schema = Schema> {
  readonly type: 'list';
  readonly doc: string;
  readonly item: I;
}

/** Keys that are names of the user's or of ours (rules), all with values of one kind. */
export interface RecordSchema<V extends Schema = Schema> {
  readonly type: 'record';
  readonly doc: string;
  readonly keys: TextFormat;
  readonly value: V;
}

export interface ObjectSchema<F extends Fields = Fields, R extends string = string> {
  readonly type: 'object';
  readonly doc: string;
  readonly fields: F;
  readonly required: readonly R[];
  /** True if it counts only where all of it fits: its fields narrow what it says, and with one less it would say more than is meant. */
  readonly whole?: boolean;
}

/** A short form or a long one, told apart by their YAML kind. */
export interface EitherSchema<A extends Schema = Schema, B extends Schema = Schema> {
  readonly type: 'either';
  readonly doc: string;
  readonly short: A;
  readonly long: B;
}

export type Schema =
  | TextSchema
  | BooleanSchema
  | ChoiceSchema
  | { readonly type: 'list'; readonly doc: string; readonly item: Schema }
  | { readonly type: 'record'; readonly doc: string; readonly keys: TextFormat; readonly value: Schema }
  | (Omit<ObjectSchema, 'fields' | 'required'> & { readonly fields: Fields; readonly required: readonly string[] })
  | { readonly type: 'either'; readonly doc: string; readonly short: Schema; readonly long: Schema };

export interface Fields {
  readonly [key: string]: Schema;
}

/** The value that a schema describes. Objects know where they are written. */
export type Infer<S> =
  S extends ChoiceSchema<infer W>
    ? W
    : S extends TextSchema
      ? string
      : S extends BooleanSchema
        ? boolean
        : S extends ListSchema<infer I>
          ? readonly Infer<I>[]
          : S extends RecordSchema<infer V>
            ? ReadonlyMap<string, Infer<V>>
            : S extends ObjectSchema<infer F, infer R>
              ? { readonly at: Anchor } & { readonly [K in Extract<keyof F, R>]: Infer<F[K]> } & {
                  readonly [K in Exclude<keyof F, R>]?: Infer<F[K]>;
                }
              : S extends EitherSchema<infer A, infer B>
                ? Infer<A> | Infer<B>
                : never;

export function text(doc: string, format: TextFormat = 'any'): TextSchema {
  return { type: 'text', doc, format };
}

export function boolean(doc: string): BooleanSchema {
  return { type: 'boolean', doc };
}

export function choice<const W extends string>(doc: string, words: readonly W[]): ChoiceSchema<W> {
  return { type: 'choice', doc, words };
}

export function list<I extends Schema>(doc: string, item: I): ListSchema<I> {
  return { type: 'list', doc, item };
}

export function record<V extends Schema>(doc: string, keys: TextFormat, value: V): RecordSchema<V> {
  return { type: 'record', doc, keys, value };
}

export function object<F extends Fields, const R extends keyof F & string = never>(
  doc: string,
  fields: F,
  required: readonly R[] = [],
): ObjectSchema<F, R> {
  return { type: 'object', doc, fields, required };
}

/** An object that counts only where all of it fits. */
export function whole<F extends Fields, R extends string>(schema: ObjectSchema<F, R>): ObjectSchema<F, R> {
  return { ...schema, whole: true };
}

export function either<A extends Schema, B extends Schema>(doc: string, short: A, long: B): EitherSchema<A, B> {
  return { type: 'either', doc, short, long };
}
