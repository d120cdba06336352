// The loader runs constructors of a library before it gives access to any symbol, and fails at the
// first function that the program lacks. So the description of a plugin is looked up in the file
// itself, by the ELF tables: a plugin of another ABI or compiler is named as such and never run.

#include "graph/plugin_file.h"

#include <link.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <vector>

namespace ladcast {
namespace {

class Elf {
 public:
  explicit Elf(const std::filesystem::path& file) : file_(file) {
    std::ifstream in(file, std::ios::binary);
    bytes_.assign(std::istreambuf_iterator<char>(in), {});
    if (bytes_.size() < sizeof head_ || std::memcmp(bytes_.data(), ELFMAG, SELFMAG) != 0) reject();
    head_ = at<ElfW(Ehdr)>(0);
    const int native = sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32;
    if (head_.e_ident[EI_CLASS] != native || head_.e_type != ET_DYN) reject();
  }

  /// Where the contents of a defined symbol start.
  std::optional<std::size_t> find(const std::string& name) const {
    for (std::size_t i = 0; i < head_.e_shnum; ++i) {
      const auto section = at<ElfW(Shdr)>(head_.e_shoff + i * head_.e_shentsize);
      if (section.sh_type != SHT_DYNSYM) continue;
      const auto names = at<ElfW(Shdr)>(head_.e_shoff + section.sh_link * head_.e_shentsize);
      for (std::size_t s = 0; s < section.sh_size / sizeof(ElfW(Sym)); ++s) {
        const auto symbol = at<ElfW(Sym)>(section.sh_offset + s * sizeof(ElfW(Sym)));
        if (symbol.st_shndx != SHN_UNDEF && has_text(names.sh_offset + symbol.st_name, name))
          return offset_of(symbol.st_value);
      }
    }
    return {};
  }

  template <class T>
  T at(std::size_t offset) const {
    T value;
    if (offset > bytes_.size() || bytes_.size() - offset < sizeof value) reject();
    std::memcpy(&value, bytes_.data() + offset, sizeof value);
    return value;
  }

 private:
  [[noreturn]] void reject() const {
    throw NotAPlugin(file_.string() + " is no shared library of this machine, or damaged",
                     "a plugin is what add_plugin() of ladcast-flow's CMake package builds");
  }
  bool has_text(std::size_t offset, const std::string& text) const {
    return offset < bytes_.size() && bytes_.size() - offset > text.size() &&
           std::memcmp(bytes_.data() + offset, text.c_str(), text.size() + 1) == 0;
  }
  std::size_t offset_of(std::size_t address) const {
    for (std::size_t i = 0; i < head_.e_phnum; ++i) {
      const auto part = at<ElfW(Phdr)>(head_.e_phoff + i * head_.e_phentsize);
      if (part.p_type == PT_LOAD && address >= part.p_vaddr &&
          address - part.p_vaddr < part.p_filesz)
        return part.p_offset + (address - part.p_vaddr);
    }
    reject();
  }

  std::filesystem::path file_;
  std::vector<char> bytes_;
  ElfW(Ehdr) head_{};
};

}  // namespace

Plugin read_plugin(const std::filesystem::path& file) {
  const Elf elf(file);
  const auto offset = elf.find("ladcast_plugin");
  if (!offset)
    throw NotAPlugin(file.string() + " is a shared library without the symbol 'ladcast_plugin'",
                     "write LADCAST_PLUGIN(\"name\", \"1.0\") in one of its sources, outside of "
                     "namespaces");
  auto plugin = elf.at<Plugin>(*offset);
  plugin.list = nullptr;
  for (char* end : {std::end(plugin.build), std::end(plugin.libtorch), std::end(plugin.name),
                    std::end(plugin.version)})
    end[-1] = '\0';
  return plugin;
}

}  // namespace ladcast
