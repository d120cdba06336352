// One file from a URL to a place on disk, with a hash that it must have.
#pragma once

#include <filesystem>
#include <string>

#include "nodes/fetch/http.h"
#include "nodes/fetch/transfer_progress.h"

namespace ladcast {

struct Download {
  std::string url;
  std::filesystem::path file;
  std::string sha256;          // 64 hexadecimal digits
  double first_pause_s = 1.0;  // before asking again; each pause is twice the one before
};

/// Goes on where FILE.part ends, asks again where the connection breaks, and gives the file its
/// name when its hash is right; until then nothing is called so. A file with another hash is
/// removed. Throws NotFetched, and Interrupted with what came kept.
void download(Http& http, const Download& wanted, TransferProgress& progress);

/// Whether the file is there with that hash, however its digits are written.
bool has_hash(const std::filesystem::path& file, const std::string& sha256);

}  // namespace ladcast
