#include "nodes/verify/student_t.h"

#include <doctest/doctest.h>

#include <cmath>
#include <initializer_list>
#include <limits>

using namespace ladcast;

TEST_CASE("Student's t is distributed as in SciPy 1.17") {
  struct Known {
    double t, dof, cdf, tails;
  };
  for (const auto& [t, dof, cdf, tails] :
       {Known{0.0, 3, 0.5, 1.0}, Known{1.0, 1, 0.75, 0.5},
        Known{-2.5, 1, 0.12111894159084341, 0.24223788318168682},
        Known{2.5, 2, 0.9351941398892446, 0.12961172022151082},
        Known{0.3, 4.5, 0.6112332264802843, 0.7775335470394313},
        Known{-13.1196, 19, 2.8311866020661564e-11, 5.662373204132313e-11},
        Known{2.0, 347, 0.9768603572077416, 0.046279285584516945},
        Known{-45.3, 347, 4.712338022936849e-148, 9.424676045873698e-148},
        Known{0.001, 10, 0.5003891083126295, 0.999221783374741},
        Known{30.0, 3, 0.9999593235978642, 8.135280427163958e-05},
        Known{1.96, 1e4, 0.9749882398840835, 0.05002352023183303}}) {
    INFO("t = ", t, ", dof = ", dof);
    CHECK(student_t_cdf(t, dof) == doctest::Approx(cdf).epsilon(1e-12));
    CHECK(std::abs(student_t_tails(t, dof) - tails) <= 1e-12 * tails);
  }
}

TEST_CASE("quantiles of Student's t and of the normal law are those of SciPy 1.17") {
  struct Known {
    double q, dof, t;
  };
  for (const auto& [q, dof, t] :
       {Known{0.975, 1, 12.706204736174694}, Known{0.975, 2, 4.302652729749462},
        Known{0.975, 19, 2.0930240544083087}, Known{0.975, 347, 1.9668240032621516},
        Known{0.95, 3, 2.3533634348018233}, Known{0.6, 7, 0.2631668613520229},
        Known{0.025, 19, -2.09302405440831}, Known{0.995, 1e4, 2.5763210466685282},
        Known{0.75, 2.5, 0.7850136829922992}}) {
    INFO("q = ", q, ", dof = ", dof);
    CHECK(std::abs(student_t_quantile(q, dof) - t) <= 1e-12 * std::abs(t));
  }
  CHECK(student_t_quantile(0.5, 7) == 0.0);
  CHECK(std::abs(normal_quantile(0.975) - 1.959963984540054) < 1e-14);
  CHECK(std::abs(normal_quantile(1e-10) + 6.361340902404056) < 1e-13);
  CHECK(normal_cdf(1.959963984540054) == doctest::Approx(0.975).epsilon(1e-14));
}

TEST_CASE("what has no probability is NaN") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(std::isnan(student_t_tails(nan, 3)));
  CHECK(std::isnan(student_t_tails(1.0, 0)));
  CHECK(std::isnan(student_t_cdf(nan, 3)));
  CHECK(std::isnan(student_t_quantile(0.0, 3)));
  CHECK(std::isnan(student_t_quantile(0.975, 0)));
  CHECK(std::isnan(normal_quantile(1.0)));
  CHECK(student_t_tails(std::numeric_limits<double>::infinity(), 3) == 0.0);
}
