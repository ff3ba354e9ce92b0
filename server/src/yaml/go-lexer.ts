/**
 * Reads what is quoted or in brackets as Go's readers of YAML do. YAML wants each of its lines indented more than what it stands in; they ask for
 * nothing there (go.yaml.in/yaml, `scannerc.go`: `yaml_parser_scan_flow_scalar` looks at no column, and `yaml_parser_unroll_indent` does
 * nothing in the flow context), and so do kubectl, kustomize, Helm, Argo CD and Flux.
 */
import { Composer, type Document, Lexer, type ParsedNode, Parser } from 'yaml';

/** What the package's lexer does not declare: the columns that the next lines of a value need, and its readers of such values. */
interface Indented {
  indentNext: number;
  parseQuotedScalar(): Lexemes;
  parseFlowCollection(): Lexemes;
  lex(text: string): Iterable<string>;
}
type ComposerOptions = ConstructorParameters<typeof Composer>[0];
type Lexemes = Generator<string, string | null | undefined>;

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

/**
 * The first document of a text, with what is wrong in it; undefined if brackets are nested deeper than that. A bracket that is never closed holds
 * all that follows it here, and the package composes by recursion.
 */
export function composeAsGo(text: string, deepest: number, options: ComposerOptions): Document | undefined {
  const lexemes = [...new GoLexer().lex(text)];
  let depth = 0;
  for (const lexeme of lexemes) {
    if (lexeme === '[' || lexeme === '{') depth++;
    else if (lexeme === ']' || lexeme === '}') depth--;
    if (depth > deepest) return undefined;
  }
  const [first] = new Composer<ParsedNode>(options).compose(tokensOf(lexemes), true, text.length);
  return first;
}

function* tokensOf(lexemes: readonly string[]): ReturnType<Parser['parse']> {
  const parser = new Parser();
  for (const lexeme of lexemes) yield* parser.next(lexeme);
  yield* parser.end();
}
