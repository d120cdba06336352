// Where models are looked for.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace ladcast {

/// ~/.cache/ladcast-flow/models; empty where there is no HOME.
std::filesystem::path model_cache();

/// What comes with the program: pipelines/models of the current folder and of the installation.
std::vector<std::filesystem::path> shipped_model_folders();

/// The folders of LADCAST_MODELS, the cache, then `search`: the order in which find_model looks.
std::vector<std::filesystem::path> model_folders(std::span<const std::filesystem::path> search);

/// Whether `folder` holds a model.toml.
bool is_model(const std::filesystem::path& folder);

/// The names of the models in a folder of models, sorted.
std::vector<std::string> models_in(const std::filesystem::path& folder);

}  // namespace ladcast
