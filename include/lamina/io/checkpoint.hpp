// save_checkpoint and load_checkpoint: the state of a trainer in a file. Needs jansson and zlib.
#pragma once

#include <lamina/error.hpp>
#include <lamina/ieee.hpp>
#include <lamina/io/bytes.hpp>
#include <lamina/io/checkpoint_parts.hpp>
#include <lamina/io/input_file.hpp>
#include <lamina/io/list.hpp>
#include <lamina/io/match.hpp>
#include <lamina/io/model_file.hpp>
#include <lamina/io/number_text.hpp>
#include <lamina/io/output_file.hpp>
#include <lamina/io/safetensors_format.hpp>
#include <lamina/io/safetensors_reader.hpp>
#include <lamina/io/same_topology.hpp>
#include <lamina/io/tensor_numbers.hpp>
#include <lamina/train/keeper.hpp>
#include <lamina/train/trainer.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {
namespace io {

template <class Trainer>
[[nodiscard]] std::vector<std::byte> encode_checkpoint(const Trainer& trainer, const Place& place,
                                                       const std::string& target) {
    FileInTheMaking making;
    add_model(making, trainer.model(), target);
    auto& metadata = making.file.metadata;
    metadata.push_back({checkpoint_key, checkpoint_version});
    const auto note = [&](const std::string& key, const auto& number) {
        metadata.push_back({key, number_text(number)});
    };
    for_each_field_of_place(place, note, note);
    const auto note_text = [&](const std::string& key, const std::string& text) {
        metadata.push_back({key, text});
    };
    for_each_setting(optimizer_prefix, trainer.optimizer, note_text);
    for_each_setting(loss_prefix, trainer.loss, note_text);
    metadata.push_back({frozen_key, frozen_names(trainer.tensors())});
    if (!place.frozen_at_start.empty())
        metadata.push_back({frozen_at_start_key, place.frozen_at_start});
    if (!place.best_parameters.empty())
        add_best<std::remove_const_t<typename Trainer::model_type>>(making, place.best_parameters, target);
    for_each_field(trainer.state(), [&]<class X>(const char* name, const X& x) {
        const ModelTensor tensor = state_tensor<X>(name);
        const auto add = [&](const auto* numbers) {
            using T = std::remove_cvref_t<decltype(*numbers)>;
            making.add(tensor.name, dtype_of<T>, extents_of(tensor.shape), [&](std::vector<std::byte>& data) {
                for (std::size_t i = 0; i < tensor.size; ++i)
                    append_number(numbers[i], data);
            });
        };
        if constexpr (std::is_array_v<X>) {
            add(&x[0]);
        } else {
            const auto number = static_cast<double>(x);
            if (!is_kept_exactly<X>(number))
                raise(format_error{target + ": optimizer." + name +
                                   " is no number that a double holds exactly"});
            add(&number);
        }
    });
    return making.bytes();
}

/// The parts of a checkpoint, read from a file and checked before the trainer is changed.
template <class Trainer>
class CheckpointReader {
    using Model = std::remove_const_t<typename Trainer::model_type>;
    using T = typename Model::scalar;
    using State = std::remove_cvref_t<decltype(std::declval<Trainer&>().state())>;

  public:
    /// `way_out` is appended to the error if the file is of another trainer.
    explicit CheckpointReader(const SafetensorsReader& reader, const char* way_out = "")
        : file_{reader.read()}, source_{reader.source()}, way_out_{way_out}, state_(1) {}

    /// `inspect` may refuse the place by throwing, before anything is changed.
    [[nodiscard]] Place read(Trainer& trainer, const auto& inspect) {
        check_version();
        check_settings(optimizer_prefix, trainer.optimizer);
        check_settings(loss_prefix, trainer.loss);
        Place place;
        const auto read = [&](const std::string& key, auto& number) { read_metadata(key, number); };
        for_each_field_of_place(place, read, [&](const std::string& key, auto& number) {
            if (file_.find(key) != nullptr)
                read(key, number);
        });
        read_frozen(trainer);
        read_frozen_at_start(place);
        read_tensors(place);
        refuse_others(optimizer_prefix, trainer.optimizer);
        refuse_others(loss_prefix, trainer.loss);
        inspect(place);
        put(parameters_, trainer.model());
        trainer.state() = state_[0];
        freeze(trainer);
        return place;
    }

  private:
    [[noreturn]] void fail(const std::string& fault) const { raise(format_error{source_ + ": " + fault}); }
    [[noreturn]] void fail_as_other(const std::string& key, const std::string* had,
                                    const std::string& found) const {
        fail("the saved run had " + printable(std::string_view{key}.substr(7)) + ' ' + // after "lamina."
             (had ? printable(std::string_view{*had}) : "none") + ", found " + found + way_out_);
    }

    template <class Number>
    void read_metadata(const std::string& key, Number& number) const {
        const std::string* text = file_.find(key);
        if (text == nullptr || !read_number_text(*text, number))
            fail(key + ": expected a number, found " + (text ? printable(std::string_view{*text}) : "none"));
    }

    void check_version() const {
        const std::string* version = file_.find(checkpoint_key);
        if (version == nullptr)
            fail("expected a checkpoint, found a file of tensors alone, as save writes it: use load");
        if (*version != checkpoint_version)
            fail(std::string{"expected a checkpoint of version "} + checkpoint_version + ", found version " +
                 printable(std::string_view{*version}));
        if (file_.find(fingerprint_key) == nullptr)
            fail("expected a checkpoint with a fingerprint, found none");
        if (const std::string fault = exact_topology_fault(topology_text<Model>(), file_); !fault.empty())
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
        for (const Note& note : file_.metadata) {
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
        set_frozen_by(names, tensors_, can_freeze);
        if (frozen_names(tensors_) != names)
            fail_to_freeze(frozen_key, names);
    }
    void read_frozen_at_start(Place& place) const {
        const std::string* const names = file_.find(frozen_at_start_key);
        if (names == nullptr)
            return;
        List<ParameterTensor> tensors = tensors_;
        set_frozen_by(*names, tensors, true);
        if (frozen_text(tensors) != *names)
            fail_to_freeze(frozen_at_start_key, *names);
        place.frozen_at_start = *names;
    }
    [[noreturn]] void fail_to_freeze(const char* key, const std::string& names) const {
        fail(std::string{key} + ": expected weights and biases of the trainer, found " +
             printable(std::string_view{names}));
    }
    void freeze(Trainer& trainer) const {
        if constexpr (can_freeze)
            for (const ParameterTensor& t : tensors_) {
                if (t.is_frozen)
                    trainer.freeze(tensor_name(t));
                else
                    trainer.unfreeze(tensor_name(t));
            }
    }
    void read_tensors(Place& place) {
        List<ModelTensor> expected;
        for (const ModelTensor& tensor : model_tensors<Model>)
            expected.push_back(tensor);
        const std::size_t of_model = expected.size();
        if (has_best())
            for (const ModelTensor& tensor : best_tensors<Model>())
                expected.push_back(tensor);
        const std::size_t of_models = expected.size();
        for_each_field(state_[0],
                       [&]<class X>(const char* name, X&) { expected.push_back(state_tensor<X>(name)); });
        const Matches matches = match({expected.data(), expected.size()}, file_);
        if (!matches.faults.empty())
            fail("expected the tensors of the trainer, found other ones:" + matches.faults);

        const auto parameters = [&](std::size_t first) {
            std::vector<T> numbers(static_cast<std::size_t>(Model::parameter_extent));
            for (std::size_t i = first; i < first + of_model; ++i) {
                check_dtype(*matches.tensors[i], dtype_of<T>);
                lamina::io::read_numbers(expected[i], dtype_of<T>, file_.bytes(*matches.tensors[i]),
                                         std::span<T>{numbers}, source_);
            }
            return numbers;
        };
        parameters_ = parameters(0);
        if (of_models > of_model) {
            const std::vector<T> best = parameters(of_model);
            place.best_parameters.resize(best.size());
            for (std::size_t i = 0; i < best.size(); ++i)
                place.best_parameters[i] = static_cast<double>(best[i]);
        }
        std::size_t next = of_models;
        for_each_field(state_[0], [&]<class X>(const char*, X& x) {
            read_state(*matches.tensors[next], x);
            ++next;
        });
    }
    /// Whether there are parameters of the best epoch.
    [[nodiscard]] bool has_best() const noexcept {
        for (const StoredTensor& tensor : file_.tensors)
            if (tensor.name.starts_with("best."))
                return true;
        return false;
    }
    /// All bits are allowed: Adam's running moments may be infinite.
    template <class X>
    void read_state(const StoredTensor& tensor, X& x) const {
        const std::byte* from = file_.bytes(tensor).data();
        if constexpr (std::is_array_v<X>) {
            using Number = std::remove_extent_t<X>;
            check_dtype(tensor, dtype_of<Number>);
            for (std::size_t i = 0; i < std::extent_v<X>; ++i)
                x[i] = read_number<Number>(dtype_of<Number>, from + i * sizeof(Number));
        } else {
            check_dtype(tensor, Dtype::f64);
            const auto number = read_number<double>(Dtype::f64, from);
            if (!is_kept_exactly<X>(number))
                fail("tensor " + printable(tensor.name) + ": expected an integer, found " +
                     number_text(number));
            x = static_cast<X>(number);
        }
    }
    /// Numbers are not rounded: the run would be another one.
    void check_dtype(const StoredTensor& tensor, Dtype expected) const {
        if (tensor.dtype != expected)
            fail("tensor " + printable(tensor.name) + ": expected " + std::string{info(expected).name} +
                 " as the trainer has, found " + std::string{info(tensor.dtype).name});
    }

    static constexpr bool can_freeze = lamina::detail::MovesTensors<decltype(Trainer::optimizer), T>;

    Safetensors file_;
    std::string source_;
    const char* way_out_;
    List<ParameterTensor> tensors_;
    std::vector<T> parameters_;
    std::vector<State> state_; // one, on the heap
};

template <class Trainer>
Place read_checkpoint(Trainer& trainer, const std::string& path, const auto& inspect,
                      const char* way_out = "") {
    const std::vector<std::uint8_t> bytes = read_whole(path);
    return CheckpointReader<Trainer>{SafetensorsReader{bytes_of(bytes), path}, way_out}.read(trainer,
                                                                                             inspect);
}

} // namespace io

/// The bytes of a safetensors file with the state of a trainer at a place of its run: parameters, the
/// optimiser's state, settings of optimiser and loss, the place, a checksum. Throws `format_error` if a
/// parameter is not finite.
template <class Trainer>
[[nodiscard]] std::vector<std::byte> save_checkpoint(const Trainer& trainer, const Place& place) {
    if constexpr (!Broken<Trainer>)
        return io::encode_checkpoint(trainer, place, "checkpoint");
    else
        return {};
}
/// Writes the same to a file. The file is replaced completely or not at all: if anything fails, the older
/// file stays as it was. Throws `format_error`, which names the file and the system's reason; the trainer
/// does not change.
template <class Trainer>
void save_checkpoint(const Trainer& trainer, const Place& place, const std::string& path) {
    if constexpr (!Broken<Trainer>)
        io::replace_file(path, io::bytes_of(io::encode_checkpoint(trainer, place, io::printable_path(path))));
}

/// Restores model and optimiser from a checkpoint, and returns the place of the run, at which `fit` can
/// resume it (see `Checkpoints`). The trainer must have the same model, number type, loss and optimiser, with
/// the same settings; the resumed run then has the same bits as an uninterrupted one.
///
/// Throws `format_error`, which names `source`, what was expected and what was found; model and trainer then
/// stay as they were.
template <class Trainer>
Place load_checkpoint(Trainer& trainer, std::span<const std::byte> bytes,
                      std::string_view source = "checkpoint") {
    if constexpr (!Broken<Trainer>)
        return io::CheckpointReader<Trainer>{io::SafetensorsReader{bytes, source}}.read(trainer,
                                                                                        [](const Place&) {});
    else
        return {};
}
template <class Trainer>
Place load_checkpoint(Trainer& trainer, const std::string& path) {
    if constexpr (!Broken<Trainer>)
        return io::read_checkpoint(trainer, path, [](const Place&) {});
    else
        return {};
}

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
