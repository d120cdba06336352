#include "nodes/report/page.h"

#include <fmt/format.h>

#include <set>

#include "nodes/report/report_style.h"

namespace ladcast {
namespace {

std::string paragraph(const std::string& text, const char* look) {
  if (text.empty()) return "";
  return fmt::format("<p class=\"{}\">{}</p>\n", look, escape_xml(text));
}

std::string verdicts(const std::vector<PageVerdict>& all) {
  static constexpr const char* kLook[] = {"passed", "warning", "failed"};
  if (all.empty()) return "";
  std::string html = "<h2 id=\"health\">Health</h2>\n";
  for (const auto& verdict : all) {
    const char* name = kLook[static_cast<int>(verdict.status)];
    html += fmt::format("<div class=\"verdict {0}\"><b>{0}</b><p>{1}</p>", name,
                        escape_xml(verdict.finding));
    if (!verdict.advice.empty()) html += fmt::format("<p>{}</p>", escape_xml(verdict.advice));
    html += "</div>\n";
  }
  return html;
}

std::string table(const std::string& title, const std::vector<std::vector<std::string>>& rows) {
  if (rows.empty()) return "";
  std::string html =
      fmt::format("<h2 id=\"glance\">{}</h2>\n<div class=\"wide\"><table>\n", escape_xml(title));
  for (std::size_t r = 0; r < rows.size(); ++r) {
    html += "<tr>";
    for (const auto& cell : rows[r])
      html += fmt::format("<{0}>{1}</{0}>", r == 0 ? "th" : "td", escape_xml(cell));
    html += "</tr>\n";
  }
  return html + "</table></div>\n";
}

std::string numbers(const Figure& figure, const std::string& scores_head) {
  if (figure.numbers.empty()) return "";
  const std::string& head = figure.numbers_head.empty() ? scores_head : figure.numbers_head;
  std::string html =
      fmt::format("<details id=\"numbers-{}\"><summary>{} rows drawn here</summary><pre>{}\n",
                  figure.id, figure.numbers.size(), escape_xml(head));
  for (const auto& line : figure.numbers) html += escape_xml(line) + "\n";
  return html + "</pre></details>\n";
}

std::string figure_html(const Figure& figure, const std::string& scores_head) {
  return fmt::format(
      "<figure id=\"{}\">\n<h3>{}</h3>\n{}<div class=\"drawing\">{}</div>\n{}</figure>\n",
      figure.id, escape_xml(figure.title), paragraph(figure.caption, "caption"), inline_svg(figure),
      numbers(figure, scores_head));
}

std::string facts_html(const PageFacts& facts) {
  if (facts.facts.empty()) return "";
  std::string rows;
  for (const auto& [name, value] : facts.facts)
    rows += fmt::format("<tr><td>{}</td><td>{}</td></tr>\n", escape_xml(name), escape_xml(value));
  const std::string body = "<table class=\"facts\">\n" + rows + "</table>\n";
  if (!facts.folded) return fmt::format("<h3>{}</h3>\n{}", escape_xml(facts.title), body);
  return fmt::format("<details><summary>{}</summary>{}</details>\n", escape_xml(facts.title), body);
}

std::string shape_definitions(const Page& page) {
  std::set<std::string> ids;
  for (const auto& section : page.sections)
    for (const auto& figure : section.figures)
      ids.insert(figure.shapes.begin(), figure.shapes.end());
  if (ids.empty()) return "";
  std::string definitions;
  for (const auto& id : ids) definitions += shape_definition(id);
  return "<svg class=\"shapes\" aria-hidden=\"true\"><defs>" + definitions + "</defs></svg>\n";
}

}  // namespace

std::string html_page(const Page& page) {
  std::string nav, body;
  const auto link = [&](const std::string& id, const std::string& title) {
    nav += fmt::format("<a href=\"#{}\">{}</a>", id, escape_xml(title));
  };
  if (!page.verdicts.empty()) link("health", "Health");
  if (!page.table.empty()) link("glance", page.table_title);
  for (const auto& section : page.sections) {
    const bool is_empty = section.figures.empty();
    if (is_empty && section.instead.empty()) continue;
    link(section.id, section.title);
    body +=
        fmt::format("<section id=\"{}\">\n<h2>{}</h2>\n{}", section.id, escape_xml(section.title),
                    paragraph(is_empty ? section.instead : section.text, "text"));
    for (const auto& figure : section.figures) body += figure_html(figure, page.csv_header);
    body += "</section>\n";
  }
  link("provenance", "Provenance");
  std::string provenance =
      "<section id=\"provenance\">\n<h2>Provenance</h2>\n" + paragraph(page.numbers, "text");
  for (const auto& facts : page.provenance) provenance += facts_html(facts);
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{0}</title>\n<style>{1}{2}{3}</style>\n</head>\n<body>\n{4}<main>\n"
      "<h1>{0}</h1>\n{5}{6}<nav>{7}</nav>\n{8}{9}{10}{11}</section>\n</main>\n</body>\n</html>\n",
      escape_xml(page.title), colour_variables(), drawing_style(), page_style(),
      shape_definitions(page), paragraph(page.what, "what"), paragraph(page.finding, "finding"),
      nav, verdicts(page.verdicts), table(page.table_title, page.table), body, provenance);
}

}  // namespace ladcast
