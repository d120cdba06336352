#include "nodes/train/tensorboard.h"

#include <doctest/doctest.h>

#include <cstring>

#include "tests/nodes/error_message.h"

namespace ladcast {
namespace {

template <class T>
T number_at(const std::string& bytes, std::size_t at) {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

TEST_CASE("the checksum is that of RFC 3720") {
  CHECK(crc32c("123456789") == 0xe3069283U);
  CHECK(crc32c(std::string(32, '\0')) == 0x8a9136aaU);
}

TEST_CASE("records have a length, an event and their checksums") {
  const auto bytes = to_events({{300, 1.5, "loss", "", 0.25}}, 1000.0);
  const auto length = number_at<std::uint64_t>(bytes, 0);
  REQUIRE(bytes.size() == 8 + 4 + length + 4);
  const auto masked = [](std::string_view part) {
    const auto crc = crc32c(part);
    return (crc >> 15 | crc << 17) + 0xa282ead8U;
  };
  const std::string_view all = bytes;
  CHECK(number_at<std::uint32_t>(bytes, 8) == masked(all.substr(0, 8)));
  CHECK(number_at<std::uint32_t>(bytes, 12 + length) == masked(all.substr(12, length)));
  // wall_time 1000.0; step 300; summary { value { tag "loss"; simple_value 0.25 } }
  const std::string event = bytes.substr(12, length);
  CHECK(event.substr(0, 1) == "\x09");
  CHECK(number_at<double>(event, 1) == 1000.0);
  CHECK(event.substr(9, 3) == "\x10\xac\x02");
  CHECK(event.substr(12, 10) == std::string("\x2a\x0d\x0a\x0b\x0a\x04loss", 10));
  CHECK(event.substr(22, 1) == "\x15");
  CHECK(number_at<float>(event, 23) == 0.25F);
}

TEST_CASE("validations form a group") {
  CHECK(contains(to_events({{1, 0.1, "validation rmse temperature 850 hPa", "K", 2.0}}, 0.0),
                 "validation/rmse temperature 850 hPa"));
  CHECK(contains(begin_events(0.0), "brain.Event:2"));
}

}  // namespace
}  // namespace ladcast
