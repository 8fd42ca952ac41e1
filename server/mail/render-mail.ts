interface Content {
  subject: string
  paragraphs: string[]
  action?: { label: string; url: string; note?: string }
  closing: string
}

const FOOTER = 'Aurelius sends this by itself; nobody reads answers to it.'

/** A mail in both forms, from the same words: plain text, and HTML that loads nothing from anywhere. */
export function renderMail({ subject, paragraphs, action, closing }: Content) {
  return {
    subject,
    text: `${[
      'Hello,',
      ...paragraphs,
      ...(action ? [`${action.label}:\n${action.url}`, ...(action.note ? [action.note] : [])] : []),
      closing,
      `--\n${FOOTER}`,
    ].join('\n\n')}\n`,
    html: page(
      subject,
      [
        paragraph('Hello,'),
        ...paragraphs.map(paragraph),
        ...(action ? [button(action), ...(action.note ? [paragraph(action.note)] : [])] : []),
        paragraph(closing),
      ].join('\n'),
    ),
  }
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title></head>
<body style="margin:0;padding:24px 16px;background:#f5f6f8;color:#131820;font:16px/1.5 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif">
<div style="max-width:480px;margin:0 auto">
<p style="margin:0 0 16px;font-weight:700">Aurelius</p>
<div style="padding:24px;background:#ffffff;border:1px solid #e1e4ea;border-radius:10px">
${body}
</div>
<p style="margin:16px 0 0;color:#4d5665;font-size:13px">${FOOTER}</p>
</div>
</body>
</html>
`
}

function paragraph(text: string): string {
  return `<p style="margin:0 0 16px">${escapeHtml(text)}</p>`
}

/** The address stands under the button in full, so that whoever is careful sees where it leads. */
function button({ label, url }: { label: string; url: string }): string {
  return `<p style="margin:24px 0 8px"><a href="${escapeHtml(url)}" style="display:inline-block;padding:11px 20px;border-radius:6px;background:#151b25;color:#ffffff;font-weight:600;text-decoration:none">${escapeHtml(label)}</a></p>
<p style="margin:0 0 24px;font-size:13px;color:#4d5665;overflow-wrap:anywhere;word-break:break-all">${escapeHtml(url)}</p>`
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
