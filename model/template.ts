// Text with {{ variables }} in it, already parsed.

/** Literal pieces and variable names, in order. A template without variables is one literal piece. */
export type Template = readonly (string | { readonly variable: string })[];

/** Fills a template. `lookup` returns the variable's text, or undefined when it has no value; such a variable renders as nothing. */
export function render(template: Template, lookup: (variable: string) => string | undefined): string {
  let text = '';
  for (const part of template) text += typeof part === 'string' ? part : (lookup(part.variable) ?? '');
  return text;
}

/** The text of a template that needs no variables, or null. Such text can be built once. */
export function literal(template: Template): string | null {
  let text = '';
  for (const part of template) {
    if (typeof part !== 'string') return null;
    text += part;
  }
  return text;
}
