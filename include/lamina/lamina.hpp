// All of lamina but what few programs need: the run-time twin, lamina/dynamic/twin.hpp and trainer.hpp, and
// lamina/io/embed_tool.hpp.
#pragma once

#include <lamina/core.hpp>
#include <lamina/data/idx.hpp>
#include <lamina/data/images.hpp>
#include <lamina/data/split.hpp>
#include <lamina/io/any_of.hpp>
#include <lamina/io/checkpoints.hpp>
#include <lamina/io/embed.hpp>
#include <lamina/io/safetensors.hpp>
#include <lamina/io/saved_bytes.hpp>
#include <lamina/train/evaluate.hpp>
#include <lamina/train/fit.hpp>
#include <lamina/train/recordings.hpp>
#include <lamina/train/team.hpp>
