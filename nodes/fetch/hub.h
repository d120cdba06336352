// What a repository on Hugging Face holds, for the message where a file is not at its address.
#pragma once

#include <string>
#include <vector>

#include "nodes/fetch/http.h"

namespace ladcast {

/// The address that lists the files of the repository that `url` is of:
/// https://HOST/api/models/OWNER/NAME/tree/REVISION of
/// https://HOST/OWNER/NAME/resolve/REVISION/FILE; empty for an address of another form.
std::string listing_of(const std::string& url);

/// The paths in the repository that end with the same file name as `url`; empty where it is none
/// or does not answer.
std::vector<std::string> files_of_same_name(Http& http, const std::string& url);

}  // namespace ladcast
