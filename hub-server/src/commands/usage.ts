/**
 * What is said of one command: the paragraphs of the usage that begin with its name, or name it after a `|`; all of it when
 * there is none.
 */
export function usageOf(usage: string, command: string | undefined): string {
  const [title = '', ...paragraphs] = usage.split(/\n(?= {2}\S)/);
  const own = paragraphs.filter((paragraph) => {
    const [line = ''] = paragraph.split('\n');
    return line.split('|').some((one) => one.trim().split(' ')[0] === command);
  });
  if (own.length === 0) return usage;
  return `${[title.trimEnd(), '', ...own.map((paragraph) => paragraph.trimEnd())].join('\n')}\n`;
}
