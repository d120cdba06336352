// The parsers that are fed with broken inputs.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace ladcast::fuzz {

struct Parser {
  std::string name;
  std::vector<std::string> (*valid)();           // inputs that it reads, small ones
  std::function<void(const std::string&)> read;  // throws Error where it refuses
  std::vector<std::string> words = {};           // that mean something to it
  bool is_library = false;                       // which does most of the work, and slowly
};

std::vector<Parser> parsers();

// Each file of this folder adds its own.
void add_zarr(std::vector<Parser>& all);
void add_networks(std::vector<Parser>& all);
void add_pipelines(std::vector<Parser>& all);
void add_runs(std::vector<Parser>& all);
void add_fields(std::vector<Parser>& all);
void add_words(std::vector<Parser>& all);

/// A folder in memory for the files of this process, made by the first call and inherited by forks.
const std::filesystem::path& scratch();

/// The file `name` of that folder, which then holds `bytes`.
std::filesystem::path scratch_file(const std::string& name, const std::string& bytes);

/// The parts of an input that stands for several files.
std::vector<std::string> split(const std::string& input, char separator = '\x1e');

}  // namespace ladcast::fuzz
