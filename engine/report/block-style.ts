/**
 * Looks of every block, as one style sheet that the offline page carries inside and the app adopts. Colours are the
 * tokens of the page around it (`--ink`, `--bad`, …), so light, dark and print come from there.
 */
export const blockStyle = `
.b-heading{font-size:17px;font-weight:650;letter-spacing:-.005em;line-height:1.3;margin:30px 0 6px}
.b-title,.b-table caption{font-size:14px;font-weight:650;text-align:left;margin:16px 0 4px;line-height:1.4}
.b-table caption{padding:0 0 4px;margin:0}
.b-text{margin:4px 0 8px;max-width:78ch}
.b-under{color:var(--mute);margin:2px 0 10px;max-width:90ch}
.b-hidden{position:absolute!important;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.tone-ok{color:var(--ok)}.tone-bad{color:var(--bad)}.tone-stale{color:var(--stale)}.tone-run{color:var(--run)}.tone-mute{color:var(--mute)}
.b-verdict,.b-gate{color:var(--ink)}
.b-verdict{display:grid;grid-template-columns:1fr auto;gap:10px 24px;border:1px solid var(--edge);border-radius:11px;padding:14px 18px;margin:18px 0 14px}
.b-verdict.bad{background:var(--bad-soft);border-color:color-mix(in srgb,var(--bad) 40%,transparent)}
.b-verdict.ok{background:var(--ok-soft);border-color:color-mix(in srgb,var(--ok) 40%,transparent)}
.b-verdict.stale{background:var(--stale-soft);border-color:color-mix(in srgb,var(--stale) 40%,transparent)}
.b-verdict h2{font-size:16px;font-weight:650;line-height:1.4;margin:0}
.b-verdict p{margin:3px 0 2px;max-width:76ch}
.b-verdict .b-figure{text-align:right;margin:0;align-self:center}
.b-figure b{display:block;font-size:32px;font-weight:650;line-height:1.15;font-variant-numeric:tabular-nums}
.b-figure span{color:var(--mute)}
.b-gates{display:flex;flex-wrap:wrap;gap:8px;list-style:none;margin:0 0 8px;padding:0}
.b-gate{border:1px solid var(--line);border-radius:20px;padding:3px 11px;font-size:12.5px;position:relative}
.b-gate.bad{border-color:color-mix(in srgb,var(--bad) 45%,transparent)}
.b-gate-value,.b-none{color:var(--mute);font-weight:400;font-variant-numeric:tabular-nums}
.b-metrics{display:flex;flex-wrap:wrap;gap:14px 34px;margin:10px 0 14px}
.b-metric{display:flex;flex-direction:column;min-width:110px}
.b-metric-label,.b-metric-facts{color:var(--mute);font-size:12px}
.b-metric-value{font-size:20px;font-weight:650;line-height:1.3;font-variant-numeric:tabular-nums}
.b-scroll{overflow-x:auto;margin:4px 0 8px}
.b-table{border-collapse:collapse;width:100%;font-size:13px;font-variant-numeric:tabular-nums}
.b-table th,.b-table td{text-align:left;vertical-align:baseline;padding:7px 12px 7px 0;border-bottom:1px solid var(--line);font-weight:400}
.b-table th:last-child,.b-table td:last-child{padding-right:2px}
.b-table thead th{color:var(--mute);font-weight:600;vertical-align:bottom;padding-top:4px}
.b-table th[scope=row]{min-width:9ch}
.b-table .num{text-align:right;white-space:nowrap}
.b-table .long{min-width:32ch}
.b-table thead th.num{max-width:11ch;white-space:normal}
.b-interval{display:block;color:var(--mute);font-size:11.5px;line-height:1.35}
.b-table b{font-weight:650}
.b-push-cell{width:104px}
.b-push{display:block}
.b-chart{margin:6px 0 10px}
.b-narrow{display:none}
@media screen and (max-width:620px){.b-wide{display:none}.b-narrow{display:block}}
.b-plot{display:block;max-width:100%;height:auto;overflow:visible;font-variant-numeric:tabular-nums}
.b-plot text{fill:var(--ink);font-size:12.5px}
.b-plot .b-label,.b-plot .b-small{paint-order:stroke;stroke:var(--panel);stroke-width:3px;stroke-linejoin:round}
.b-plot .b-label{font-size:12.5px}
.b-plot .b-note{fill:var(--mute);font-size:11.5px}
.b-plot .b-small,.b-plot .b-tick{fill:var(--mute);font-size:11px}
.b-plot .b-value{font-weight:600}
.b-plot .b-value.bad{fill:var(--bad)}
.b-grid{stroke:var(--line);stroke-width:1;fill:none}
.b-zero,.b-axis{stroke:var(--edge);stroke-width:1;fill:none}
.b-diagonal{stroke:var(--edge);stroke-width:1;stroke-dasharray:2 4;fill:none}
.b-limit{stroke:var(--bad);stroke-width:1.5;stroke-dasharray:4 3;fill:none}
.b-whisker{stroke:var(--ink);stroke-width:1.25;fill:none}
.b-plot,.b-push{--series:var(--run)}
.ok{--series:var(--ok)}.bad{--series:var(--bad)}.stale{--series:var(--stale)}.mute,.older{--series:var(--edge)}.run,.newer,.s0{--series:var(--run)}
.s1{--series:var(--accent)}.s2{--series:var(--ok)}.s3{--series:var(--bad)}.s4{--series:var(--stale)}.s5{--series:var(--mute)}
.b-area{fill:color-mix(in srgb,var(--series) 30%,var(--panel))}
.b-solid,.b-heat,.b-dot{fill:var(--series)}
.b-dot{fill-opacity:.75}
.h0{--series:var(--run)}.h1{--series:color-mix(in srgb,var(--accent) 25%,var(--run))}.h2{--series:color-mix(in srgb,var(--accent) 50%,var(--run))}.h3{--series:color-mix(in srgb,var(--accent) 75%,var(--run))}.h4{--series:var(--accent)}
.b-cell{fill:var(--soft)}
.b-end{stroke:var(--series);stroke-width:2;fill:none}
.b-line{stroke:var(--series);stroke-width:2;fill:none;stroke-linejoin:round}
.b-line.s1{stroke-dasharray:7 3}.b-line.s2{stroke-dasharray:2 3}.b-line.s3{stroke-dasharray:9 3 2 3}.b-line.s4{stroke-dasharray:12 4}.b-line.s5{stroke-dasharray:1 4}.b-line.older{stroke-dasharray:6 4}
.b-thread{stroke:var(--series);fill:none;stroke-linejoin:round}
.b-thread:hover{stroke:var(--accent);stroke-opacity:1;stroke-width:3}
.b-band{fill:var(--series);fill-opacity:.16;stroke:none}
.b-words{margin:6px 0 10px;padding:0;font-size:15px;line-height:1.9;max-width:78ch;white-space:pre-wrap;overflow-wrap:anywhere}
.b-word{color:var(--ink);border-radius:4px;padding:1px 2px;background:color-mix(in srgb,var(--series) var(--share),transparent)}
.b-word.bad{border-bottom:2px dotted var(--bad)}.b-word.ok{border-bottom:2px solid var(--ok)}
.w1{--share:8%}.w2{--share:16%}.w3{--share:26%}.w4{--share:38%}.w5{--share:52%}
.b-columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,330px),1fr));gap:0 34px;align-items:start}
.b-columns>div{min-width:0}
.b-field{display:flex;flex-direction:column;gap:4px;margin:0 0 12px}
.b-field label,.b-decision legend{font-weight:600;font-size:13px;padding:0}
.b-field input,.b-field textarea{font:inherit;color:var(--ink);background:var(--panel);border:1px solid var(--edge);border-radius:8px;padding:7px 10px;width:100%;box-sizing:border-box;resize:vertical}
.b-field [aria-invalid=true]{border:2px solid var(--bad);padding:6px 9px}
.b-choices{display:flex;flex-wrap:wrap;gap:8px;border:0;margin:0;padding:0;min-width:0}
.b-decision legend{margin-bottom:4px}
.b-choice{display:inline-flex;align-items:center;gap:7px;border:1px solid var(--edge);border-radius:8px;padding:6px 13px 6px 10px;font-weight:560;background:var(--panel);cursor:pointer}
.b-choice input{margin:0;width:15px;height:15px;accent-color:var(--ink);cursor:pointer}
.b-table .b-choice{border-radius:20px;padding:2px 11px 2px 7px;font-size:12.5px;font-weight:400}
.b-table .b-choice input{width:13px;height:13px}
.b-choice:hover{background:var(--soft)}
.b-choice:has(:checked){border-color:var(--ink);box-shadow:inset 0 0 0 1px var(--ink);background:var(--soft)}
.b-choice:has(:focus-visible),.b-button:focus-visible,.b-field input:focus-visible,.b-field textarea:focus-visible,.b-scroll:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.b-choice input:focus-visible{outline:none}
.b-error{color:var(--bad);font-size:13px;margin:0}
.b-error:empty{display:none}
.b-error:not(:empty)::before{content:"✕ "}
.b-decision+.b-error{margin:6px 0}
.b-actions{display:flex;align-items:center;flex-wrap:wrap;gap:8px 14px;margin:4px 0 0}
.b-button{font:inherit;font-weight:600;background:var(--ink);color:var(--panel);border:1px solid var(--ink);border-radius:8px;padding:8px 16px;cursor:pointer}
.b-button:hover{opacity:.88}
@media (max-width:560px){.b-verdict{grid-template-columns:1fr}.b-verdict .b-figure{text-align:left}}
`.trim()
