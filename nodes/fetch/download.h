// One file from a URL to a place on disk, with a hash that it must have.
#pragma once

#include <filesystem>
#include <string>

#include "nodes/fetch/file_hash.h"
#include "nodes/fetch/http.h"
#include "nodes/fetch/transfer_progress.h"

namespace ladcast {

struct Download {
  std::string url;
  std::filesystem::path file;
  std::filesystem::path list;  // the model.toml that lists it, for messages
  std::string sha256;          // 64 hexadecimal digits; empty for the hash that the server states
  double first_pause_s = 1.0;  // before asking again; each pause is twice the one before
};

/// Goes on where FILE.part ends, asks again where the connection breaks, and gives the file its
/// name when its hash is right; until then nothing is called so. A file with another hash is
/// removed, and none is taken without one. Returns the hash that was checked. Throws NotFetched,
/// and Interrupted with what came kept.
FileHash download(Http& http, const Download& wanted, TransferProgress& progress);

}  // namespace ladcast
