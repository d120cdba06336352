#include "nodes/train/tensorboard.h"

#include <bit>
#include <cstring>

namespace ladcast {
namespace {

static_assert(std::endian::native == std::endian::little, "TFRecord is little-endian");

template <class T>
std::string bytes_of(T value) {
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

// Fields of a protocol buffer: the number with the wire type, then the value.
enum WireType { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(value | 0x80);
  return bytes + static_cast<char>(value);
}
std::string key(int field, WireType type) {
  return varint(static_cast<std::uint64_t>(field << 3 | type));
}
std::string text_field(int field, const std::string& text) {
  return key(field, kBytes) + varint(text.size()) + text;
}

/// CRCs of records are turned and shifted, since CRCs of strings with CRCs are weak.
std::string masked_crc(std::string_view bytes) {
  return bytes_of(std::rotr(crc32c(bytes), 15) + 0xa282ead8U);
}

std::string record(const std::string& data) {
  const auto length = bytes_of(static_cast<std::uint64_t>(data.size()));
  return length + masked_crc(length) + data + masked_crc(data);
}

/// Of the message Event: 1 wall_time, 2 step, 3 file_version, 5 summary.
std::string event(double seconds, std::int64_t step, const std::string& content) {
  return record(key(1, kFixed64) + bytes_of(seconds) + key(2, kVarint) +
                varint(static_cast<std::uint64_t>(step)) + content);
}

std::string tag_of(std::string name) {
  if (const auto space = name.find(' '); name.starts_with("validation ")) name[space] = '/';
  return name;
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  std::uint32_t crc = 0xffffffff;
  for (const char byte : bytes) {
    crc ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78U : 0U);
  }
  return ~crc;
}

std::string begin_events(double seconds) {
  return event(seconds, 0, text_field(3, "brain.Event:2"));
}

std::string to_events(const std::vector<LoggedNumber>& numbers, double seconds) {
  std::string records;
  for (const LoggedNumber& number : numbers) {
    // Of Summary: 1 value; of Value: 1 tag, 2 simple_value.
    const auto value = text_field(1, tag_of(number.name)) + key(2, kFixed32) +
                       bytes_of(static_cast<float>(number.value));
    records += event(seconds, number.iteration, text_field(5, text_field(1, value)));
  }
  return records;
}

}  // namespace ladcast
