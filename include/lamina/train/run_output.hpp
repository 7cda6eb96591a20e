// RunOutput: what a run of `fit` prints on standard error.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/math/finite.hpp>
#include <lamina/train/cause.hpp>
#include <lamina/train/early_stopping.hpp>
#include <lamina/train/epoch_report.hpp>
#include <lamina/train/progress.hpp>

#include <cstdio>
#include <string>
#include <utility>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::detail {

/// Prints the progress of a run, or nothing.
class RunOutput {
  public:
    RunOutput(bool shown, double samples_of_run) noexcept
        : shown_{shown}, bar_{stderr, shown && is_terminal(stderr), samples_of_run} {}

    /// After a step, with the samples of the run that are done. `label` is "epoch 2/5".
    void step(const std::string& label, double samples_done, double loss) {
        bar_.show(label.c_str(), samples_done, loss);
    }
    /// After an epoch. `validation` are the data of its validation figures, or null; `classes` is the number
    /// of classes of the loss, or 0.
    template <class Model, class Data>
    void epoch(const EpochReport& report, const Model& model, const Data* validation, int classes) {
        bar_.clear();
        print(epoch_line(report));
        print(watch_.after(report, classes));
        if (report.validation.samples > 0 && !is_finite(report.validation.loss) &&
            !std::exchange(told_of_validation_, true)) {
            Cause text;
            describe_validation(text, model, *validation);
            print(text);
        }
    }
    void end(const FitReport& report, Patience patience, bool had_ended) const {
        print(end_line(report, patience, had_ended));
    }

  private:
    void print(const std::string& line) const {
        if (shown_)
            std::fputs(line.c_str(), stderr);
    }

    bool shown_;
    ProgressBar bar_;
    LossWatch watch_;
    bool told_of_validation_ = false;
};

} // namespace lamina::inline LAMINA_ABI::detail

LAMINA_END_IEEE
