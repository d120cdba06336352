// The files that `new` writes, with @NAME@ and @CLASS@ to be filled in. They stand in
// graph/templates and are compiled in.
#pragma once

namespace ladcast::templates {

extern const char* const node;
extern const char* const node_test;
extern const char* const cmake;
extern const char* const pipeline;
extern const char* const readme;

}  // namespace ladcast::templates
