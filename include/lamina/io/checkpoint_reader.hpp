// CheckpointReader: restores a trainer from the tensors and notes of a checkpoint.
#pragma once

#include <lamina/error.hpp>
#include <lamina/files/list.hpp>
#include <lamina/files/number_text.hpp>
#include <lamina/files/safetensors_format.hpp>
#include <lamina/files/safetensors_reader.hpp>
#include <lamina/ieee.hpp>
#include <lamina/io/checkpoint_parts.hpp>
#include <lamina/io/match.hpp>
#include <lamina/io/model_file.hpp>
#include <lamina/io/model_tensors.hpp>
#include <lamina/io/same_topology.hpp>
#include <lamina/io/tensor_numbers.hpp>
#include <lamina/model/facts_of.hpp>
#include <lamina/parameters.hpp>
#include <lamina/train/frozen.hpp>
#include <lamina/train/run_position.hpp>
#include <lamina/train/trainer.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::io {

/// The parts of a checkpoint, read from a file and checked before the trainer is changed.
template <class Trainer>
class CheckpointReader {
    using Model = std::remove_const_t<typename Trainer::model_type>;
    using T = typename Model::scalar;
    using State = std::remove_cvref_t<decltype(std::declval<Trainer&>().state())>;

  public:
    /// `way_out` is appended to the error if the file is of another trainer.
    explicit CheckpointReader(const files::SafetensorsReader& reader, const char* way_out = "")
        : file_{reader.read()}, source_{reader.source()}, way_out_{way_out}, state_(1) {}

    /// `inspect` may refuse the position by throwing, before anything is changed.
    [[nodiscard]] RunPosition read(Trainer& trainer, const auto& inspect) {
        check_version(trainer.model());
        check_settings(optimizer_prefix, trainer.optimizer);
        check_settings(loss_prefix, trainer.loss);
        RunPosition position;
        const auto read = [&](const std::string& key, auto& number) { read_metadata(key, number); };
        for_each_field_of_position(position, read, [&](const std::string& key, auto& number) {
            if (file_.find(key) != nullptr)
                read(key, number);
        });
        read_frozen(trainer);
        read_frozen_at_start(position, trainer.model());
        read_tensors(position, trainer);
        refuse_others(optimizer_prefix, trainer.optimizer);
        refuse_others(loss_prefix, trainer.loss);
        inspect(position);
        put(parameters_, trainer.model());
        trainer.state() = state_[0];
        freeze(trainer);
        return position;
    }

  private:
    [[noreturn]] void fail(const std::string& fault) const { raise(format_error{source_ + ": " + fault}); }
    [[noreturn]] void fail_as_other(const std::string& key, const std::string* had,
                                    const std::string& found) const {
        fail("the saved run had " + files::printable(std::string_view{key}.substr(7)) +
             ' ' + // after "lamina."
             (had ? files::printable(std::string_view{*had}) : "none") + ", found " + found + way_out_);
    }

    template <class Number>
    void read_metadata(const std::string& key, Number& number) const {
        const std::string* text = file_.find(key);
        if (text == nullptr || !files::read_number_text(*text, number))
            fail(key + ": expected a number, found " +
                 (text ? files::printable(std::string_view{*text}) : "none"));
    }

    void check_version(const Model& model) const {
        const std::string* version = file_.find(files::checkpoint_key);
        if (version == nullptr)
            fail("expected a checkpoint, found a file of tensors alone, as save writes it: use load");
        if (*version != checkpoint_version)
            fail(std::string{"expected a checkpoint of version "} + checkpoint_version + ", found version " +
                 files::printable(std::string_view{*version}));
        if (file_.find(files::fingerprint_key) == nullptr)
            fail("expected a checkpoint with a fingerprint, found none");
        if (const std::string fault =
                exact_topology_fault(topology_text(input_of(model), layers_of(model)), file_);
            !fault.empty())
            fail(fault + way_out_);
    }
    /// A setting that is 0 may be missing, because it may be newer than the file.
    template <class Part>
    void check_settings(std::string_view prefix, const Part& part) const {
        for_each_setting(prefix, part, [&](const std::string& key, const std::string& own) {
            const std::string* had = file_.find(key);
            if (had == nullptr ? own != "0" : *had != own)
                fail_as_other(key, had, own);
        });
    }
    /// Settings that only another loss or optimiser has.
    template <class Part>
    void refuse_others(std::string_view prefix, const Part& part) const {
        for (const files::Note& note : file_.metadata) {
            bool known = !std::string_view{note.name}.starts_with(prefix);
            for_each_setting(prefix, part, [&](const std::string& key, const std::string&) {
                known = known || key == note.name;
            });
            if (!known)
                fail_as_other(note.name, &note.value, "none");
        }
    }

    /// The names of frozen tensors; older files have none.
    void read_frozen(const Trainer& trainer) {
        const std::string* const stored = file_.find(frozen_key);
        const std::string names = stored == nullptr ? "" : *stored;
        for (const ParameterTensor& t : trainer.tensors())
            tensors_.push_back(t);
        const ModelTensors all{tensors_of(trainer.model())};
        set_frozen_by(names, tensors_, all, can_freeze);
        if (frozen_names(tensors_, all) != names)
            fail_to_freeze(frozen_key, names);
    }
    void read_frozen_at_start(RunPosition& position, const Model& model) const {
        const std::string* const names = file_.find(frozen_at_start_key);
        if (names == nullptr)
            return;
        files::List<ParameterTensor> tensors = tensors_;
        const ModelTensors all{tensors_of(model)};
        set_frozen_by(*names, tensors, all, true);
        if (frozen_text(tensors, all) != *names)
            fail_to_freeze(frozen_at_start_key, *names);
        position.frozen_at_start = *names;
    }
    [[noreturn]] void fail_to_freeze(const char* key, const std::string& names) const {
        fail(std::string{key} + ": expected weights and biases of the trainer, found " +
             files::printable(std::string_view{names}));
    }
    void freeze(Trainer& trainer) const {
        if constexpr (can_freeze)
            for (const ParameterTensor& t : tensors_) {
                if (t.is_frozen)
                    trainer.freeze(name_of(ModelTensors{tensors_of(trainer.model())}, t));
                else
                    trainer.unfreeze(name_of(ModelTensors{tensors_of(trainer.model())}, t));
            }
    }
    void read_tensors(RunPosition& position, const Trainer& trainer) {
        const Model& model = trainer.model();
        if constexpr (RunTimeModel<Model>)
            state_[0] = trainer.state(); // as large
        files::List<ModelTensor> expected;
        for (const ModelTensor& tensor : tensors_of(model))
            expected.push_back(tensor);
        const std::size_t of_model = expected.size();
        if (has_best())
            for (const ModelTensor& tensor : best_tensors(model))
                expected.push_back(tensor);
        const std::size_t of_models = expected.size();
        for_each_field(state_[0],
                       [&](const char* name, const auto& x) { expected.push_back(state_tensor(name, x)); });
        const Matches matches = match({expected.data(), expected.size()}, file_);
        if (!matches.faults.empty())
            fail("expected the tensors of the trainer, found other ones:" + matches.faults);

        const auto parameters = [&](std::size_t first) {
            std::vector<T> numbers(as_size(extent_of(model)));
            for (std::size_t i = first; i < first + of_model; ++i) {
                check_dtype(*matches.tensors[i], files::dtype_of<T>);
                lamina::io::read_numbers(expected[i], files::dtype_of<T>, file_.bytes(*matches.tensors[i]),
                                         std::span<T>{numbers}, source_);
            }
            return numbers;
        };
        parameters_ = parameters(0);
        if (of_models > of_model) {
            const std::vector<T> best = parameters(of_model);
            position.best_parameters.resize(best.size());
            for (std::size_t i = 0; i < best.size(); ++i)
                position.best_parameters[i] = static_cast<double>(best[i]);
        }
        std::size_t next = of_models;
        for_each_field(state_[0], [&]<class X>(const char*, X& x) {
            read_state(*matches.tensors[next], x);
            ++next;
        });
    }
    /// Whether there are parameters of the best epoch.
    [[nodiscard]] bool has_best() const noexcept {
        for (const files::StoredTensor& tensor : file_.tensors)
            if (tensor.name.starts_with("best."))
                return true;
        return false;
    }
    /// All bits are allowed: Adam's running moments may be infinite.
    template <class X>
    void read_state(const files::StoredTensor& tensor, X& x) const {
        const std::byte* from = file_.bytes(tensor).data();
        if constexpr (StateArray<X>) {
            using Number = std::remove_cvref_t<decltype(x[0])>;
            check_dtype(tensor, files::dtype_of<Number>);
            for (std::size_t i = 0; i < std::size(x); ++i)
                x[i] = files::read_number<Number>(files::dtype_of<Number>, from + i * sizeof(Number));
        } else {
            check_dtype(tensor, files::Dtype::f64);
            const auto number = files::read_number<double>(files::Dtype::f64, from);
            if (!is_kept_exactly<X>(number))
                fail("tensor " + files::printable(tensor.name) + ": expected an integer, found " +
                     files::number_text(number));
            x = static_cast<X>(number);
        }
    }
    /// Numbers are not rounded: the run would be another one.
    void check_dtype(const files::StoredTensor& tensor, files::Dtype expected) const {
        if (tensor.dtype != expected)
            fail("tensor " + files::printable(tensor.name) + ": expected " +
                 std::string{files::info(expected).name} + " as the trainer has, found " +
                 std::string{files::info(tensor.dtype).name});
    }

    static constexpr bool can_freeze = lamina::detail::MovesTensors<decltype(Trainer::optimizer), T>;

    files::Safetensors file_;
    std::string source_;
    const char* way_out_;
    files::List<ParameterTensor> tensors_;
    std::vector<T> parameters_;
    std::vector<State> state_; // one, on the heap
};

} // namespace lamina::inline LAMINA_ABI::io

LAMINA_END_IEEE
