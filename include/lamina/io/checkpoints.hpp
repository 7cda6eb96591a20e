// Checkpoints: saves a run of `fit` in files, so that it can be resumed. Needs jansson and zlib.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/io/checkpoint.hpp>
#include <lamina/io/safetensors.hpp>
#include <lamina/train/resume.hpp>
#include <lamina/train/run_position.hpp>

#include <cerrno>
#include <cstdint>
#include <string>
#include <sys/stat.h>
#include <utility>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

/// The files to write, and when. A file without a name is not written.
struct CheckpointOptions {
    std::string last = {};  ///< the newest checkpoint
    std::string best = {};  ///< the weights of the best epoch on the validation data, as `save` writes them
    std::int64_t every = 0; ///< steps from one checkpoint to the next; 0: one an epoch
    bool resume = false;    ///< go on with the run of `last`, if that file is there
};

/// Saves the last and the best state of a run:
///
///     ln::Checkpoints checkpoints{trainer, {.last = "run.checkpoint", .every = 500, .resume = true}};
///     ln::fit(trainer, data.train, {.epochs = 9, .checkpoints = &checkpoints});
///
/// A run that was interrupted and is resumed by the same program ends with the same bits as an uninterrupted
/// one (docs/limits.md says what other compilers and flags change). The first checkpoint is written before
/// the first step, so a folder that cannot be written to is noticed at once. If a checkpoint cannot be
/// written, `fit` throws `format_error`: the older file stays as it was, and the trainer is at `position()`,
/// from where it can be saved to another path. Two programs must not write the same file.
template <class Trainer>
class Checkpoints final : public RunSaver {
  public:
    Checkpoints(Trainer& trainer, CheckpointOptions options)
        : trainer_{&trainer}, options_{std::move(options)} {}
    // The compilers show these lines with their comments.
    Checkpoints(const Checkpoints&) = delete; // a copy would keep the trainer of the first: make one of each
    Checkpoints& operator=(const Checkpoints&) = delete; // likewise: make one of each trainer

    /// The position of the run when it was last saved, or when its best model was.
    [[nodiscard]] const RunPosition& position() const noexcept { return position_; }

    [[nodiscard]] const void* trainer() const noexcept override { return trainer_; }
    [[nodiscard]] RunPosition restore(const PositionCheck& inspect) override {
        kept_ = false;
        position_ = RunPosition{};
        if (options_.resume && is_there(options_.last)) {
            position_ = io::read_checkpoint(*trainer_, options_.last, inspect, detail::or_start_anew);
            note_written();
        }
        return position_;
    }
    [[nodiscard]] bool is_due(const RunPosition& position) const noexcept override {
        if (!kept_)
            return true;
        return options_.every > 0 && position.sample != 0
                   ? position.iteration - written_iteration_ >= options_.every
                   : position.epoch > written_epoch_;
    }
    void save_run(const RunPosition& position) override {
        position_ = position;
        if (!options_.last.empty())
            save_checkpoint(*trainer_, position, options_.last);
        note_written();
    }
    void save_best(const RunPosition& position) override {
        position_ = position;
        if (!options_.best.empty())
            save(trainer_->model(), options_.best);
    }

  private:
    void note_written() noexcept {
        written_epoch_ = position_.epoch;
        written_iteration_ = position_.iteration;
        kept_ = true;
    }
    /// A file whose status cannot be read counts as present, so that opening it reports the reason.
    [[nodiscard]] static bool is_there(const std::string& path) {
        struct stat status;
        return stat(path.c_str(), &status) == 0 || errno != ENOENT;
    }

    Trainer* trainer_;
    CheckpointOptions options_;
    RunPosition position_;
    std::int64_t written_epoch_ = 0, written_iteration_ = 0; ///< of the newest checkpoint, if one is `kept_`
    bool kept_ = false;
};

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
