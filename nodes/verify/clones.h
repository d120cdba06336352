// One function for several kinds of processor.
#pragma once

// Compiles a function for wide registers too; the program takes the widest that the processor has.
// Requires: a file that is compiled with -ffp-contract=off, so that all give the same bits. The
// thread sanitizer cannot run code this early.
#if defined(__x86_64__) && !defined(__SANITIZE_THREAD__)
#define LADCAST_CLONES [[gnu::target_clones("avx512f", "avx2", "default")]]
#else
#define LADCAST_CLONES
#endif
