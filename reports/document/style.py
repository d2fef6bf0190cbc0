"""The style of the HTML report: on screen, on a phone, and on paper of any size."""

STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 62rem; color: #1c2128; background: #fff;
  font: 16px/1.5 'Source Sans 3', 'Source Sans Pro', 'Helvetica Neue', Arial, 'Noto Sans CJK SC', sans-serif; }
h1 { font-size: 1.875rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.375rem; margin: 3rem 0 1rem; padding-bottom: .25rem; border-bottom: 2px solid #44525f; }
h3 { font-size: 1.0625rem; line-height: 1.35; margin: 0; }
h3 .number { color: #57606a; font-weight: 600; margin-right: .4em; }
p { margin: .2rem 0; }
a { color: #2f4858; }
.line, .context, .notes, .code { color: #57606a; font-size: .875rem; }
.headline { font-size: 1.0625rem; font-weight: 600; margin-top: .4rem; }
.marks { font-weight: 600; font-size: .875rem; }
.comment { border-left: 3px solid #8c96a1; padding-left: .75rem; margin: .75rem 0; white-space: pre-line; }
.empty { margin: .75rem 0; }
article { margin: 0 0 3rem; overflow-wrap: anywhere; }
nav ol { list-style: none; padding: 0; margin: 0 0 1rem; }
nav li { display: grid; grid-template-columns: 5rem 1fr; gap: .5rem; padding: .1rem 0; }
nav h3 { margin: 1rem 0 .25rem; }
nav .why { color: #57606a; }
.wide { overflow-x: auto; margin: .75rem 0; }
figure { margin: .75rem 0 1.25rem; }
figcaption, caption { text-align: left; font-size: .875rem; font-weight: 600; padding: .25rem 0; }
figure .wide svg { display: block; width: 100%; min-width: 36rem; height: auto; }
table { border-collapse: collapse; font-size: .875rem; line-height: 1.35; min-width: 50%;
  font-variant-numeric: tabular-nums; overflow-wrap: normal; }
th, td { padding: .3rem .75rem .3rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid #e1e4e8; }
thead th { border-bottom: 1.5px solid #44525f; vertical-align: bottom; font-weight: 600; }
tbody th { font-weight: 400; }
td.number, th.number { text-align: right; white-space: nowrap; }
.cell { white-space: pre-wrap; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 1rem 0; }
dt { color: #57606a; } dd { margin: 0; overflow-wrap: anywhere; }
footer { color: #57606a; font-size: .875rem; border-top: 1px solid #e1e4e8; padding-top: 1rem; }
@media (max-width: 40rem) {
  body { padding: 1rem; } h1 { font-size: 1.375rem; } dl { grid-template-columns: 1fr; } dt { margin-top: .4rem; }
  nav li { grid-template-columns: 4.25rem 1fr; }
}
@media print {
  @page { margin: 20mm 15mm 18mm;
    @top-left { content: RUNNING; font: 8pt Arial, 'Noto Sans CJK SC', sans-serif; color: #57606a; }
    @bottom-right { content: counter(page) " of " counter(pages); font: 8pt Arial, sans-serif; color: #57606a; } }
  body { max-width: none; padding: 0; font-size: 10pt; }
  h1 { font-size: 18pt; } h2 { font-size: 14pt; margin-top: 0; break-before: page; break-after: avoid; }
  h3, .line, .headline, .context, .marks, caption { break-after: avoid; }
  article { break-before: page; margin: 0; }
  h2 + article { break-before: avoid; }
  nav { break-before: page; } nav a { color: inherit; text-decoration: none; }
  table { font-size: 8.5pt; max-width: 100%; } thead { display: table-header-group; } tr { break-inside: avoid; }
  td.number, th.number { white-space: normal; }
  .wide { overflow: visible; } figure { break-inside: avoid; }
  figure .wide svg { min-width: 0; max-height: 190mm; }
}
"""
