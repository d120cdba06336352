#include "nodes/fetch/file_hash.h"

#include <doctest/doctest.h>

#include "tests/temporary_folder.h"

using namespace ladcast;

TEST_CASE("the SHA-256 and git's name of a file are those of sha256sum and git hash-object") {
  const TemporaryFolder folder;
  const auto hello = folder.write("hello", "hello\n"), empty = folder.write("empty", "");
  CHECK(hash_file(hello, FileHash::Kind::sha256).digits ==
        "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03");
  CHECK(hash_file(hello, FileHash::Kind::git_blob).digits ==
        "ce013625030ba8dba906f756967f9e9ca394464a");
  CHECK(hash_file(empty, FileHash::Kind::git_blob).digits ==
        "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
}

TEST_CASE("the digits of a hash may be of either case, and their number tells its kind") {
  const TemporaryFolder folder;
  const auto hello = folder.write("hello", "hello\n");
  CHECK(has_hash(hello, *read_hash("CE013625030BA8DBA906F756967F9E9CA394464A")));
  CHECK(!has_hash(hello, *read_hash(std::string(40, '0'))));
  CHECK(!has_hash(folder.path() / "none", *read_hash(std::string(64, '0'))));
  CHECK(read_hash(std::string(64, 'a'))->kind == FileHash::Kind::sha256);
  for (const auto& text : {std::string(), std::string(63, 'a'), std::string(64, 'g'),
                           "\"" + std::string(64, 'a') + "\"", std::string(128, 'a')})
    CHECK(!read_hash(text));
}
