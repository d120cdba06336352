// `ladcast-flow fetch`: the files of a model and of those that it refers to, such as a shared
// autoencoder in ../ladcast-dcae, brought side by side into one folder of models.
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <set>

#include "graph/fingerprint.h"
#include "graph/interrupt.h"
#include "graph/models.h"
#include "graph/text.h"
#include "graph/whole_file.h"
#include "nodes/fetch/download.h"
#include "nodes/fetch/file_hash.h"
#include "nodes/fetch/models.h"
#include "nodes/values/model.h"
#include "nodes/values/model_folders.h"

namespace ladcast {
namespace {

namespace fs = std::filesystem;

/// The name of a model's folder, also where it is given as ".".
std::string name_of(const fs::path& folder) {
  return fs::weakly_canonical(folder).filename().string();
}

/// The folder whose model.toml says what to fetch: that in `target` itself only where there is no
/// other, since the program may have come with a newer one.
fs::path source_of(const std::string& name, const fs::path& target) {
  if (is_model(name)) return name;
  const auto shipped = shipped_model_folders();
  for (const auto& folder : model_folders(shipped)) {
    std::error_code failed;
    if (is_model(folder / name) && !fs::equivalent(folder, target, failed)) return folder / name;
  }
  if (is_model(target / name)) return target / name;
  return find_model(name, shipped);
}

/// `folder` and the models beside it whose files it uses.
std::vector<fs::path> with_neighbours(const fs::path& folder) {
  std::vector<fs::path> folders = {folder};
  for (const auto& file : Model::read(folder).files()) {
    const fs::path neighbour = file.lexically_normal().parent_path();
    const fs::path relative = neighbour.lexically_relative(folder.lexically_normal());
    if (!relative.string().starts_with("..") || !is_model(neighbour)) continue;
    if (std::find(folders.begin(), folders.end(), neighbour) == folders.end())
      folders.push_back(neighbour);
  }
  return folders;
}

bool is_inside(const std::string& path) {
  const fs::path relative = fs::path(path).lexically_normal();
  return !path.empty() && relative.is_relative() && *relative.begin() != "..";
}

/// Whether nobody between can see or change what comes from there: https, or this machine itself.
bool is_safe(const std::string& url) {
  const std::string host = host_of(url);
  return url.starts_with("https://") ||
         (url.starts_with("http://127.0.0.1:") && host.find('@') == std::string::npos);
}

/// Throws Error where a listed file cannot be fetched safely.
void check_list(const Model& model) {
  const std::string file = (model.folder / "model.toml").string();
  for (const auto& published : model.fetch.files) {
    if (!is_inside(published.path))
      fail("{}: fetch.files names '{}', which is not in the model's folder", file, published.path);
    const auto hash = read_hash(published.sha256);
    if (!published.sha256.empty() && (!hash || hash->kind != FileHash::Kind::sha256))
      fail("{}: the sha256 of '{}' is '{}', not 64 hexadecimal digits", file, published.path,
           published.sha256);
    if (!published.url.empty() && !is_safe(published.url))
      fail("{}: the url of '{}' is '{}', not an address that begins with https://", file,
           published.path, published.url);
  }
}

std::string url_of(const Model& model, const PublishedFile& published, const std::string& mirror) {
  if (mirror.empty() && !published.url.empty()) return published.url;
  std::string base =
      mirror.empty() ? model.fetch.base : mirror + "/" + escape_path(name_of(model.folder));
  while (base.ends_with('/')) base.pop_back();
  if (mirror.empty() && !is_safe(base))
    fail("{}: fetch.base is '{}', not an address that begins with https://",
         (model.folder / "model.toml").string(), model.fetch.base);
  return base + "/" + escape_path(published.path);
}

/// Throws Error where the copy cannot be made.
void copy_whole(const fs::path& from, const fs::path& to) {
  std::error_code failed;
  if (fs::equivalent(from, to, failed)) return;
  fs::create_directories(to.parent_path(), failed);
  if (failed)
    throw NotFetched(
        fmt::format("error: cannot make the folder {}: {}\n      = --to DIR names another place",
                    to.parent_path().string(), failed.message()));
  const fs::path part = to.string() + ".part";
  fs::copy_file(from, part, fs::copy_options::overwrite_existing, failed);
  if (!failed) fs::rename(part, to, failed);
  if (failed)
    throw NotFetched(
        fmt::format("error: cannot copy {} to {}: {}\n      = --to DIR names another place",
                    from.string(), to.string(), failed.message()));
}

/// The files of a model and those it lists, relative to its folder; neighbours' are not its own.
std::vector<std::string> own_files(const Model& model) {
  std::set<std::string> paths;
  for (const auto& file : model.files())
    if (const std::string path = file.lexically_relative(model.folder).string(); is_inside(path))
      paths.insert(path);
  for (const auto& published : model.fetch.files) paths.insert(published.path);
  return {paths.begin(), paths.end()};
}

/// What the model lists of a file; nothing where it does not.
const PublishedFile* find_published(const Model& model, const std::string& path) {
  const auto& files = model.fetch.files;
  const auto found = std::find_if(files.begin(), files.end(),
                                  [&](const PublishedFile& file) { return file.path == path; });
  return found == files.end() ? nullptr : &*found;
}

/// Whether the file can be used: it is there and, where a hash is listed, has it.
bool is_right(const Model& model, const fs::path& folder, const std::string& path) {
  const PublishedFile* published = find_published(model, path);
  const auto hash = published ? read_hash(published->sha256) : std::nullopt;
  return hash ? has_hash(folder / path, *hash) : fs::exists(folder / path);
}

bool is_complete(const Model& model) {
  const auto paths = own_files(model);
  return std::all_of(paths.begin(), paths.end(),
                     [&](const std::string& path) { return is_right(model, model.folder, path); });
}

/// The model in `folder`, whose index of shards may be there by now; else `model`.
Model as_in(const fs::path& folder, const Model& model) {
  return is_model(folder) ? Model::read(folder) : model;
}

/// Tells what is in `folder` of a model; returns how many files are missing.
std::int64_t tell_state(const Model& model, const fs::path& folder, std::ostream& out) {
  std::int64_t missing = 0;
  out << fmt::format("{} in {}\n", model.name, folder.string());
  for (const auto& path : own_files(as_in(folder, model))) {
    if (path == "model.toml") continue;  // comes with the others
    const fs::path file = folder / path, part = file.string() + ".part";
    std::string state = "there  ";
    if (!is_right(model, folder, path)) {
      ++missing;
      state = fs::exists(file) ? "wrong hash" : "missing";
    }
    out << fmt::format("  {}  {}", state, path);
    if (fs::exists(part)) out << fmt::format(" ({} have come)", format_bytes(fs::file_size(part)));
    out << "\n";
  }
  return missing;
}

class Fetcher {
 public:
  Fetcher(const FetchCommand& command, const Streams& streams)
      : command_(command),
        streams_(streams),
        http_(command.timeout_s, InterruptGuard::interrupted) {}

  void fetch(const Model& model, const fs::path& target) {
    streams_.out << fmt::format("{} into {}\n", model.name, target.string()) << std::flush;
    copy_whole(model.folder / "model.toml",
               target / "model.toml");  // so that it is found from now on
    try {
      for (const auto& path : own_files(model)) bring(model, target, path);
    } catch (...) {
      remove_bare(model, target);
      throw;
    }
  }

 private:
  /// Takes away a folder that would hide the model's own one and has nothing but its model.toml.
  static void remove_bare(const Model& model, const fs::path& target) {
    std::error_code failed;
    if (fs::equivalent(model.folder, target, failed)) return;
    for (const auto& entry : fs::recursive_directory_iterator(target, failed))
      if (!entry.is_directory() && entry.path() != target / "model.toml") return;
    if (!failed) fs::remove_all(target, failed);
  }

  void bring(const Model& model, const fs::path& target, const std::string& path) {
    const fs::path here = model.folder / path, there = target / path;
    const PublishedFile* published = find_published(model, path);
    if (path == "model.toml") return;
    if (is_right(model, target, path)) return say("there  ", path, there);
    if (fs::exists(here) && is_right(model, model.folder, path)) {
      copy_whole(here, there);
      return say("copied ", path, there);
    }
    if (!published) return;  // told at the end
    TransferProgress progress(path, streams_.err, streams_.columns);
    const std::string url = url_of(model, *published, command_.mirror);
    const FileHash hash =
        download(http_, {url, there, model.folder / "model.toml", published->sha256}, progress);
    say("fetched", path, there);
    if (published->sha256.empty()) tell_pin(model, there, url, hash);
  }

  /// Which hash was trusted, and how it becomes the one that a later file must have.
  void tell_pin(const Model& model, const fs::path& file, const std::string& url,
                const FileHash& hash) {
    const bool direct = hash.kind == FileHash::Kind::sha256;
    streams_.out << fmt::format(
                        "           has the {}{} that {} states; to pin it, write sha256 = \"{}\" "
                        "beside its path in {}\n",
                        name_of(hash.kind), direct ? "" : " " + hash.digits, host_of(url),
                        direct ? hash.digits : sha256_of_file(file),
                        (model.folder / "model.toml").string())
                 << std::flush;
  }

  void say(const char* what, const std::string& path, const fs::path& file) {
    streams_.out << fmt::format("  {}  {} ({})\n", what, path, format_bytes(fs::file_size(file)))
                 << std::flush;
  }

  const FetchCommand& command_;
  const Streams& streams_;
  Http http_;
};

/// Throws NotFetched where files are missing that no model.toml lists.
void require_complete(const std::vector<Model>& models,
                      const std::function<fs::path(const Model&)>& folder_of) {
  std::string missing;
  std::set<std::string> bases;
  for (const auto& model : models) {
    const fs::path target = folder_of(model);
    if (!model.fetch.base.empty()) bases.insert(model.fetch.base);
    for (const auto& path : own_files(as_in(target, model)))
      if (!fs::exists(target / path)) missing += "\n  " + (target / path).string();
  }
  if (missing.empty()) return;
  throw NotFetched(fmt::format(
      "error: {}: [fetch] in model.toml does not list some files\n      = {}; put them at:{}",
      models.front().name,
      bases.empty() ? "it does not say where they are published either"
                    : fmt::format("they are published at {}", fmt::join(bases, ", ")),
      missing));
}

void check_command(const FetchCommand& command, const fs::path& models) {
  if (models.empty())
    fail("there is no HOME, so that there is no cache\n      = --to DIR names another place");
  if (!command.mirror.empty() && !command.mirror.starts_with("https://") &&
      !command.mirror.starts_with("http://"))
    fail("--mirror {} is not an address that begins with https:// or http://", command.mirror);
}

}  // namespace

int fetch_model(const FetchCommand& command, const Streams& streams) {
  const fs::path models = command.to.empty() ? model_cache() : command.to;
  check_command(command, models);
  std::vector<Model> wanted;
  for (const auto& folder : with_neighbours(source_of(command.model, models).lexically_normal()))
    wanted.push_back(Model::read(folder));
  for (const auto& model : wanted) check_list(model);
  const auto all = [&wanted](const auto& holds) {
    return std::all_of(wanted.begin(), wanted.end(), holds);
  };
  // The models stay where they are if all is there or nothing is listed, unless a place is named.
  const bool complete = command.to.empty() && all(is_complete);
  const bool unlisted =
      command.to.empty() && all([](const Model& model) { return model.fetch.files.empty(); });
  const auto target = [&](const Model& model) {
    return complete || unlisted ? model.folder : models / name_of(model.folder);
  };
  if (command.offline || complete) {
    std::int64_t missing = 0;
    for (const auto& model : wanted) missing += tell_state(model, target(model), streams.out);
    streams.out << (missing == 0 ? "all files are there\n"
                                 : format_count(missing, "file") + " missing or wrong\n");
    return missing == 0 ? kDone : kFailed;
  }
  if (unlisted) require_complete(wanted, target);
  const InterruptGuard guard("\nstopping; what has come is kept\n");
  Fetcher fetcher(command, streams);
  for (const auto& model : wanted) fetcher.fetch(model, target(model));
  require_complete(wanted, target);
  streams.out << fmt::format(
      "{} is complete{}\n", wanted.front().name,
      command.to.empty()
          ? ""
          : fmt::format("; it is found with LADCAST_MODELS={}", fs::absolute(models).string()));
  return kDone;
}

}  // namespace ladcast
