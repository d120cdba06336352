#include "nodes/report/figures.h"

#include <doctest/doctest.h>

#include "graph/error.h"

using namespace ladcast;

namespace {

Figure figure(const std::string& id) {
  return {.id = id,
          .title = "Heights & \"winds\"",
          .caption = "two\nlines",
          .width = 10.5,
          .height = 20,
          .body = "<use href=\"#coast\"/>\n",
          .shapes = {"coast"},
          .numbers = {"a,b", "c,d"},
          .numbers_head = "x,y"};
}

}  // namespace

TEST_CASE("figures survive being kept as text") {
  const Figures kept = figures_from(to_text(Figures{{{figure("map")}, {}, {figure("stamps")}}}));
  REQUIRE(kept.groups.size() == 3);
  CHECK(kept.groups[1].empty());
  const Figure before = figure("stamps"), &after = kept.groups[2].at(0);
  CHECK(after.id == before.id);
  CHECK(after.title == before.title);
  CHECK(after.caption == before.caption);
  CHECK(after.width == before.width);
  CHECK(after.height == before.height);
  CHECK(after.body == before.body);
  CHECK(after.shapes == before.shapes);
  CHECK(after.numbers == before.numbers);
  CHECK(after.numbers_head == before.numbers_head);
  CHECK_THROWS_AS(figures_from("[[{\"id\": \"map\"}]]"), Error);
}

TEST_CASE("figures of several leads are appended group by group") {
  Figures all{{{figure("a6")}}};
  append(all, {{{figure("a12")}, {figure("b12")}}});
  append(all, {});
  REQUIRE(all.groups.size() == 2);
  CHECK(all.groups[0].back().id == "a12");
  CHECK(all.groups[1].front().id == "b12");
}
