/** The longest tag, as the engine takes it. */
export const longestTag = 64
const mostTags = 50

/** The tags that a text names, apart by commas; or what is wrong with one. */
export function tagsIn(text: string): { tags: string[]; mistake?: string } {
  const tags = [
    ...new Set(
      text
        .split(/[,\n]/)
        .map((tag) => tag.trim())
        .filter(Boolean),
    ),
  ]
  const long = tags.find((tag) => tag.length > longestTag)
  if (long)
    return { tags: [], mistake: `“${long.slice(0, 20)}…” has ${long.length} characters. A tag has at most ${longestTag}.` }
  if (tags.length > mostTags) return { tags: [], mistake: `These are ${tags.length} tags. Add at most ${mostTags} at a time.` }
  return { tags }
}
