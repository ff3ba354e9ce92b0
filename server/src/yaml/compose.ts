/** Composes the first document of a text with the `yaml` package, which recurses and collects errors as the text wants: both are bounded here. */
import { Composer, type Document, Lexer, type ParsedNode, Parser } from 'yaml';
import type { Span } from '../base/range.ts';

export interface YamlProblem {
  readonly message: string;
  readonly span: Span;
  /** True if it may be YAML, and is more of it than is read. */
  readonly isLimit?: true;
}

/** What the package's lexer does not declare: the columns that the next lines of a value need, and its readers of such values. */
interface Indented {
  indentNext: number;
  parseQuotedScalar(): Lexemes;
  parseFlowCollection(): Lexemes;
  lex(text: string): Iterable<string>;
}
type ComposerOptions = NonNullable<ConstructorParameters<typeof Composer>[0]>;
interface Composed {
  /** None where there is a problem. */
  readonly document: Document | undefined;
  readonly problem: YamlProblem | undefined;
}
type Lexemes = Generator<string, string | null | undefined>;

/**
 * Reads what is quoted or in brackets as Go's readers of YAML do. YAML wants each of its lines indented more than what it stands in; they ask for
 * nothing there (go.yaml.in/yaml, `scannerc.go`: `yaml_parser_scan_flow_scalar` looks at no column, and `yaml_parser_unroll_indent` does
 * nothing in the flow context), and so do kubectl, kustomize, Helm, Argo CD and Flux.
 */
class GoLexer extends (Lexer as unknown as new () => Indented) {
  override *parseQuotedScalar(): Lexemes {
    return yield* this.anywhere(super.parseQuotedScalar());
  }

  override *parseFlowCollection(): Lexemes {
    return yield* this.anywhere(super.parseFlowCollection());
  }

  private *anywhere(value: Lexemes): Lexemes {
    const { indentNext } = this;
    this.indentNext = 0;
    const next = yield* value;
    this.indentNext = indentNext;
    return next;
  }
}

/** What the package's composer does not declare: how it is told what is wrong, at a place, a range or a token. */
type Place = number | readonly number[] | { readonly offset: number; readonly source?: string };
interface Told {
  onError(place: Place, code: string, message: string, isWarning?: boolean): void;
}

/** Ends composing with a problem. */
type Stop = (place: Place, message: string, limit?: Pick<YamlProblem, 'isLimit'>) => never;

/**
 * @param as whose rules count for the indentation of what is quoted or in brackets
 * @param deepest how many collections may stand in each other
 * @returns the document, or what is wrong in it first: thousands of problems, each with its stack, would cost seconds
 */
export function compose(text: string, as: 'yaml' | 'go', deepest: number, options: ComposerOptions): Composed {
  let problem: YamlProblem | undefined;
  const stop: Stop = (place, message, limit = {}) => {
    problem ??= { message, span: spanOf(place), ...limit };
    throw new Error(message); // which the package may catch, and tell again
  };
  const composer = new Composer<ParsedNode>(options);
  (composer as unknown as Told).onError = (place, _, message, isWarning) => {
    if (isWarning !== true) stop(place, message);
  };
  const lexer = as === 'go' ? new GoLexer() : new Lexer();
  try {
    const [document] = composer.compose(firstDocument(lexer.lex(text), deepest, stop), true, text.length);
    return { document, problem };
  } catch (error) {
    if (problem === undefined) throw error;
    return { document: undefined, problem };
  }
}

/** The tokens up to the end of the first document. The package's parser recurses as deep as its stack is when it closes what is open. */
function* firstDocument(lexemes: Iterable<string>, deepest: number, stop: Stop): ReturnType<Parser['parse']> {
  const parser = new Parser();
  let isRead = false;
  for (const lexeme of [...lexemes, undefined]) {
    for (const token of lexeme === undefined ? parser.end() : parser.next(lexeme)) {
      if (token.type === 'error') stop(token, token.message);
      if (token.type === 'document' && isRead) return;
      isRead ||= token.type === 'document';
      yield token;
    }
    // Below the collections stands the document, on them what is read.
    if (parser.stack.length > deepest + 2) stop(parser.offset, 'nested too deep', { isLimit: true });
  }
}

function spanOf(place: Place): Span {
  if (typeof place === 'number') return { start: place, end: place + 1 };
  if ('offset' in place) return { start: place.offset, end: place.offset + (place.source?.length ?? 1) };
  const [start = 0, end = start] = place;
  return { start, end };
}
