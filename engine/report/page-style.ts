/** Tokens and page frame of the offline report: light, dark by the reader's preference, always light on paper (A4). */
const light =
  '--bg:#f6f7f9;--panel:#fff;--soft:#f2f4f7;--line:#e3e6eb;--edge:#7f8a9b;--ink:#161a22;--mute:#5d6778;--accent:#9a580a;--ok:#0b7553;--ok-soft:#ecf8f3;--run:#2159c9;--bad:#b42318;--bad-soft:#fef3f2;--stale:#7a6300;--stale-soft:#fbf6dc'
const dark =
  '--bg:#0f1217;--panel:#161a21;--soft:#1d222b;--line:#2b313c;--edge:#697282;--ink:#e9ecf2;--mute:#a4adbc;--accent:#f0ab4f;--ok:#45cf9d;--ok-soft:#12291f;--run:#78a5ff;--bad:#ff8a80;--bad-soft:#33191a;--stale:#e3c64a;--stale-soft:#2b2610'

export const pageStyle = `
:root{color-scheme:light dark;${light}}
@media (prefers-color-scheme:dark){:root{${dark}}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:14px/1.5 Inter,system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;font-variant-numeric:tabular-nums;-webkit-text-size-adjust:100%}
main{max-width:1040px;margin:22px auto;background:var(--panel);border:1px solid var(--line);border-radius:11px;padding:34px 44px 30px}
.p-kicker,.p-foot,.p-lead{color:var(--mute)}
.p-kicker{margin:0}
h1{font-size:26px;font-weight:650;letter-spacing:-.01em;line-height:1.25;margin:2px 0 4px;overflow-wrap:anywhere}
.p-lead{margin:0 0 4px;max-width:80ch}
.p-skip{position:absolute;left:12px;top:-60px;background:var(--ink);color:var(--panel);padding:8px 14px;border-radius:8px}
.p-skip:focus{top:12px}
.p-foot{border-top:1px solid var(--line);margin-top:34px;padding-top:12px;font-size:12px}
.p-foot dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 14px;margin:0}
.p-foot dt{margin:0}
.p-foot dd{margin:0;overflow-wrap:anywhere;font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:11.5px}
@media (max-width:760px){main{margin:0;border:0;border-radius:0;padding:22px 16px}}
@page{size:A4;margin:16mm 14mm}
@media print{
:root{color-scheme:light;${light}}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
body{background:#fff;font-size:10.5pt}
main{margin:0;border:0;padding:0;max-width:none}
h1,.b-heading,.b-title{break-after:avoid}
.b-chart,.b-verdict,tr,.b-columns>div,.b-review .b-columns{break-inside:avoid}
.b-scroll{overflow:visible}
.p-skip,.b-actions{display:none}
.b-columns{grid-template-columns:1fr 1fr}
}
`.trim()
