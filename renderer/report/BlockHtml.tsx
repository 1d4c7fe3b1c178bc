/** HTML made by engine/report, which escapes every text in it. */
export function BlockHtml({ html }: { readonly html: string }) {
  // biome-ignore lint/security/noDangerouslySetInnerHtml: engine/report escapes every text
  return <div className="report-block" dangerouslySetInnerHTML={{ __html: html }} />
}
