// Seeds LibTorch's default generator before each test case, which would otherwise draw other
// numbers in each run.
#include <ATen/Context.h>
#include <doctest/doctest.h>

namespace ladcast::test {
namespace {

struct Seed : doctest::IReporter {
  explicit Seed(const doctest::ContextOptions& /*options*/) {}

  void test_case_start(const doctest::TestCaseData& /*test*/) override { at::manual_seed(1); }

  void report_query(const doctest::QueryData& /*query*/) override {}
  void test_run_start() override {}
  void test_run_end(const doctest::TestRunStats& /*stats*/) override {}
  void test_case_reenter(const doctest::TestCaseData& /*test*/) override {}
  void test_case_end(const doctest::CurrentTestCaseStats& /*stats*/) override {}
  void test_case_exception(const doctest::TestCaseException& /*thrown*/) override {}
  void subcase_start(const doctest::SubcaseSignature& /*subcase*/) override {}
  void subcase_end() override {}
  void log_assert(const doctest::AssertData& /*assertion*/) override {}
  void log_message(const doctest::MessageData& /*message*/) override {}
  void test_case_skipped(const doctest::TestCaseData& /*test*/) override {}
};

REGISTER_LISTENER("seed", 1, Seed);

}  // namespace
}  // namespace ladcast::test
