#include "nodes/report/report_style.h"

#include <fmt/format.h>

namespace ladcast {

namespace {

// The variable's name, then its colour on light and dark screens and on paper.
struct Colour {
  std::string_view name;
  std::string_view in[3];
};
enum Theme { kLight, kDark, kPaper };

constexpr Colour kColours[] = {
    {"page", {"#ffffff", "#14171b", "#ffffff"}}, {"ink", {"#1b1f24", "#e8eaed", "#000000"}},
    {"soft", {"#5b6570", "#a0a8b2", "#444444"}}, {"faint", {"#e4e7eb", "#2a3037", "#e4e7eb"}},
    {"line", {"#c3c9d0", "#48515b", "#b5bcc4"}}, {"card", {"#f6f7f9", "#1c2026", "#f6f7f9"}},
    {"s0", {"#0072b2", "#56b4e9", "#0072b2"}},   {"s1", {"#d55e00", "#ff8a4c", "#d55e00"}},
    {"s2", {"#009e73", "#2cc79a", "#009e73"}},   {"s3", {"#a8487f", "#e39bc3", "#a8487f"}},
    {"s4", {"#b07d00", "#e6b23a", "#b07d00"}},   {"s5", {"#2f93c9", "#9ad4f5", "#2f93c9"}},
    {"s6", {"#1b1f24", "#e8eaed", "#1b1f24"}},   {"good", {"#0072b2", "#56b4e9", "#0072b2"}},
    {"bad", {"#d55e00", "#ff8a4c", "#d55e00"}},  {"warn", {"#b07d00", "#e6b23a", "#b07d00"}},
    {"ok", {"#00805d", "#2cc79a", "#00805d"}},   {"casing", {"none", "#e8eaed", "none"}},
};

std::string variables(Theme theme) {
  std::string text = ":root {";
  for (const auto& [name, in] : kColours) text += fmt::format(" --{}: {};", name, in[theme]);
  return text + " }\n";
}

/// With the colours themselves in place of the variables.
std::string written_out(std::string_view style, Theme theme) {
  std::string text(style);
  for (const auto& [name, in] : kColours) {
    const std::string variable = fmt::format("var(--{})", name);
    for (auto at = text.find(variable); at != std::string::npos; at = text.find(variable, at))
      text.replace(at, variable.size(), in[theme]);
  }
  return text;
}

}  // namespace

std::string colour_variables() {
  return fmt::format(
      "\n:root {{ color-scheme: light dark; }}\n{}@media (prefers-color-scheme: dark) {{ {}}}\n"
      "@media print {{ {}}}\n",
      variables(kLight), variables(kDark), variables(kPaper));
}

std::string drawing_style_written_out() {
  return fmt::format("{}@media (prefers-color-scheme: dark) {{{}}}\n",
                     written_out(drawing_style(), kLight), written_out(drawing_style(), kDark));
}

std::string_view drawing_style() {
  return R"(
svg { font: 12px system-ui, "Helvetica Neue", Helvetica, Arial, sans-serif; }
svg text { fill: var(--ink); }
.page { fill: var(--page); }
svg .figure-title { font-size: 16px; font-weight: 600; }
svg .panel-title { font-weight: 600; }
svg .tick, svg .note { fill: var(--soft); font-size: 11px; }
svg .label { font-size: 12px; }
svg .small { font-size: 11px; }
svg .middle { text-anchor: middle; }
svg .end { text-anchor: end; }
.grid { stroke: var(--faint); stroke-width: 1; }
.axis { stroke: var(--line); stroke-width: 1; fill: none; }
.reference { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 2 3; fill: none; }
.curve { fill: none; stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: butt; }
.curve.s0 { stroke: var(--s0); stroke-width: 2.4; }
.curve.s1 { stroke: var(--s1); stroke-dasharray: 8 3; }
.curve.s2 { stroke: var(--s2); stroke-dasharray: 2 2.5; stroke-width: 2.2; }
.curve.s3 { stroke: var(--s3); stroke-dasharray: 10 3 2 3; }
.curve.s4 { stroke: var(--s4); stroke-dasharray: 14 4; }
.curve.s5 { stroke: var(--s5); stroke-dasharray: 5 2 1 2 1 2; }
.curve.s6 { stroke: var(--s6); stroke-width: 1.4; }
.curve.dashed { stroke-dasharray: 5 3; stroke-width: 1.6; }
.curve.thin { stroke-width: 0.9; opacity: 0.7; }
.curve.solid { stroke-dasharray: none; stroke-width: 2; }
.dot.s0 { fill: var(--s0); } .dot.s1 { fill: var(--s1); } .dot.s2 { fill: var(--s2); }
.dot.s3 { fill: var(--s3); } .dot.s4 { fill: var(--s4); } .dot.s5 { fill: var(--s5); }
.dot.s6 { fill: var(--s6); }
.band { stroke: none; fill-opacity: 0.1; }
.band.s0 { fill-opacity: 0.18; }
.band.s0, .bar.s0 { fill: var(--s0); } .band.s1 { fill: var(--s1); } .band.s2 { fill: var(--s2); }
.band.s3 { fill: var(--s3); } .band.s4 { fill: var(--s4); } .band.s5 { fill: var(--s5); }
.band.s6 { fill: var(--s6); }
.bar.s0 { fill-opacity: 0.75; }
.dot.faint { fill-opacity: 0.35; }
.cell { stroke: var(--page); stroke-width: 1; fill: var(--card); }
.cell.better { fill: var(--good); } .cell.worse { fill: var(--bad); }
.cell.absent { fill: none; stroke: var(--faint); }
svg .on-colour { fill: var(--ink); font-size: 11.5px; font-variant-numeric: tabular-nums; }
.sea { fill: var(--card); }
.coast { fill: none; stroke: #26292d; stroke-opacity: 0.75; }
.coast.casing { stroke: var(--casing); stroke-opacity: 0.3; }
.contour { fill: none; stroke-linejoin: round; }
.contour.plain { stroke: #101317; stroke-width: 0.9; }
@media screen and (prefers-color-scheme: dark) { svg image, .colour { filter: brightness(0.86); } }
.frame { fill: none; stroke: var(--line); stroke-width: 1; }
.coast.on-paper { stroke: var(--soft); stroke-opacity: 0.8; }
svg .contour-label { font-size: 9.5px; fill: #101317; stroke: #ffffff; stroke-width: 2.4px; paint-order: stroke; text-anchor: middle; }
)";
}

std::string_view page_style() {
  return R"(
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink);
  font: 15px/1.55 system-ui, "Helvetica Neue", Helvetica, Arial, sans-serif; }
main { max-width: 1088px; margin: 0 auto; padding: 36px 24px 64px; }
h1 { font-size: 30px; line-height: 1.2; margin: 0 0 4px; letter-spacing: -0.01em; }
h2 { font-size: 20px; margin: 52px 0 6px; padding-top: 14px; border-top: 1px solid var(--faint); }
h3 { font-size: 16px; margin: 30px 0 2px; }
p { max-width: 46em; margin: 8px 0; }
p.what { color: var(--soft); margin: 0 0 14px; }
p.finding { font-size: 18px; line-height: 1.5; margin: 16px 0; }
p.caption { color: var(--soft); font-size: 13.5px; margin: 2px 0 10px; max-width: 60em; }
a { color: var(--s0); text-decoration: none; } a:hover { text-decoration: underline; }
nav { font-size: 13.5px; margin: 18px 0 0; display: flex; flex-wrap: wrap; gap: 4px 18px; }
figure { margin: 14px 0 22px; }
figure .drawing { overflow-x: auto; }
figure .drawing > svg { display: block; max-width: 100%; height: auto; min-width: 700px; }
.shapes { position: absolute; width: 0; height: 0; min-width: 0; }
table { border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; margin: 10px 0; }
th { text-align: right; font-weight: 600; color: var(--soft); font-size: 12.5px; padding: 4px 14px 6px; vertical-align: bottom; border-bottom: 1px solid var(--line); line-height: 1.3; white-space: pre; }
td { text-align: right; padding: 5px 14px; border-bottom: 1px solid var(--faint); }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
.wide table { width: 100%; } .wide td { white-space: nowrap; }
.wide td:nth-child(2) { text-align: left; color: var(--soft); padding-left: 0; }
.wide { overflow-x: auto; }
table.facts td { text-align: left; overflow-wrap: anywhere; vertical-align: top; font-size: 13px; }
table.facts td:first-child { color: var(--soft); white-space: nowrap; padding-right: 22px; }
.verdict { display: grid; grid-template-columns: 92px 1fr; gap: 2px 16px; padding: 10px 0; border-bottom: 1px solid var(--faint); }
.verdict b { font-size: 12.5px; padding: 1px 0 1px 10px; height: fit-content; border-left: 4px solid var(--ok); }
.verdict.warning b { border-color: var(--warn); } .verdict.failed b { border-color: var(--bad); }
.verdict p { margin: 0; } .verdict p + p { grid-column: 2; color: var(--soft); font-size: 13.5px; }
details { font-size: 13px; color: var(--soft); margin: 2px 0; }
summary { cursor: pointer; width: fit-content; }
pre { font: 11.5px/1.45 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; color: var(--ink); background: var(--card); border: 1px solid var(--faint); border-radius: 4px; padding: 10px 12px; max-height: 340px; overflow: auto; margin: 6px 0; }
footer { margin-top: 48px; color: var(--soft); font-size: 13px; }
@media print {
  @page { size: A4; margin: 14mm 13mm; }
  body { font-size: 10.5pt; } main { max-width: none; padding: 0; }
  h1 { font-size: 20pt; } h2 { font-size: 14pt; margin-top: 22pt; break-after: avoid; } h3 { break-after: avoid; }
  p.finding { font-size: 12pt; }
  nav, details { display: none; } a { color: inherit; }
  figure, .verdict, tr { break-inside: avoid; }
  figure .drawing > svg { min-width: 0; width: 100%; }
  .wide { overflow: visible; } .wide td, .wide th { padding: 3px 6px; font-size: 8.5pt; }
  .wide td:first-child, .wide th:first-child { padding-left: 0; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
)";
}

}  // namespace ladcast
