// What kind of file lies before us, by its first bytes.
#pragma once

#include <filesystem>

namespace ladcast {

enum class FileFormat { empty, grib, netcdf, zip, web_page, unknown };

/// GRIB may follow padding. Throws Error where the file cannot be opened.
FileFormat format_of(const std::filesystem::path& path);

/// Throws Error, with the cure, where a file that should be `wanted` is clearly something else.
void require_format(const std::filesystem::path& path, FileFormat wanted);

}  // namespace ladcast
