/** `effective --format yaml`: the objects as documents, on demand with a comment behind each value that tells its place. */
import type { YamlValue } from '../../yaml/edit.ts';
import { isMap, renderScalar } from '../../yaml/render.ts';
import { plain } from '../plain-text.ts';
import type { EffectiveJson, EffectiveObjectJson } from './effective-json.ts';

export function effectiveYaml({ objects }: EffectiveJson): string {
  return objects.map((object) => new Writer(object).document()).join('---\n');
}

class Writer {
  private readonly lines: string[] = [];

  constructor(private readonly written: EffectiveObjectJson) {}

  document(): string {
    const { object } = this.written;
    if (isMap(object)) this.map(object, '', '');
    else this.line('', object, '');
    return `${this.lines.join('\n')}\n`;
  }

  private line(head: string, value: YamlValue, pointer: string): void {
    const origin = this.written.origins?.[pointer];
    const place = origin === undefined ? '' : ` # ${plain(origin.file)}:${origin.range.start.line + 1}`;
    const text = Array.isArray(value)
      ? '[]'
      : isMap(value)
        ? '{}'
        : renderScalar(value as string | number | boolean | null);
    this.lines.push(`${head}${head === '' || head.endsWith(' ') ? '' : ' '}${text}${place}`);
  }

  /** @param first what stands before the first key in its line, such as the dash of an item */
  private map(value: { readonly [key: string]: YamlValue }, indent: string, pointer: string, first = indent): void {
    let head = first;
    for (const [key, item] of Object.entries(value)) {
      const inner = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      this.value(`${head}${renderScalar(key)}:`, item, indent, inner);
      head = indent;
    }
  }

  private value(head: string, value: YamlValue, indent: string, pointer: string): void {
    if (isMap(value) && Object.keys(value).length > 0) {
      this.lines.push(head);
      this.map(value, `${indent}  `, pointer);
    } else if (Array.isArray(value) && value.length > 0) {
      this.lines.push(head);
      this.list(value as readonly YamlValue[], indent, pointer);
    } else this.line(head, value, pointer);
  }

  private list(values: readonly YamlValue[], indent: string, pointer: string): void {
    for (const [index, item] of values.entries()) {
      const inner = `${pointer}/${index}`;
      if (isMap(item) && Object.keys(item).length > 0) this.map(item, `${indent}  `, inner, `${indent}- `);
      else if (Array.isArray(item) && item.length > 0) {
        this.lines.push(`${indent}-`);
        this.list(item as readonly YamlValue[], `${indent}  `, inner);
      } else this.line(`${indent}-`, item, inner);
    }
  }
}
