// save_checkpoint and load_checkpoint: the state of a trainer in a file. Needs jansson and zlib.
#pragma once

#include <lamina/error.hpp>
#include <lamina/files/bytes.hpp>
#include <lamina/files/input_file.hpp>
#include <lamina/files/number_text.hpp>
#include <lamina/files/output_file.hpp>
#include <lamina/files/safetensors_format.hpp>
#include <lamina/files/safetensors_reader.hpp>
#include <lamina/ieee.hpp>
#include <lamina/io/checkpoint_parts.hpp>
#include <lamina/io/checkpoint_reader.hpp>
#include <lamina/io/model_file.hpp>
#include <lamina/io/tensor_numbers.hpp>
#include <lamina/train/run_position.hpp>
#include <lamina/train/trainer.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {
namespace io {

template <class Trainer>
[[nodiscard]] std::vector<std::byte> encode_checkpoint(const Trainer& trainer, const RunPosition& position,
                                                       const std::string& target) {
    FileInTheMaking making;
    add_model(making, trainer.model(), target);
    auto& metadata = making.file.metadata;
    metadata.push_back({files::checkpoint_key, checkpoint_version});
    const auto note = [&](const std::string& key, const auto& number) {
        metadata.push_back({key, files::number_text(number)});
    };
    for_each_field_of_position(position, note, note);
    const auto note_text = [&](const std::string& key, const std::string& text) {
        metadata.push_back({key, text});
    };
    for_each_setting(optimizer_prefix, trainer.optimizer, note_text);
    for_each_setting(loss_prefix, trainer.loss, note_text);
    metadata.push_back(
        {frozen_key, frozen_names(trainer.tensors(), ModelTensors{tensors_of(trainer.model())})});
    if (!position.frozen_at_start.empty())
        metadata.push_back({frozen_at_start_key, position.frozen_at_start});
    if (!position.best_parameters.empty())
        add_best(making, trainer.model(), position.best_parameters, target);
    for_each_field(trainer.state(), [&]<class X>(const char* name, const X& x) {
        const ModelTensor tensor = state_tensor(name, x);
        const auto add = [&](const auto* numbers) {
            using T = std::remove_cvref_t<decltype(*numbers)>;
            making.add(tensor.name, files::dtype_of<T>, files::extents_of(tensor.shape),
                       [&](std::vector<std::byte>& data) {
                           for (std::size_t i = 0; i < tensor.size; ++i)
                               append_number(numbers[i], data);
                       });
        };
        if constexpr (StateArray<X>) {
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

template <class Trainer>
RunPosition read_checkpoint(Trainer& trainer, const std::string& path, const auto& inspect,
                            const char* way_out = "") {
    const std::vector<std::uint8_t> bytes = files::read_whole(path);
    return CheckpointReader<Trainer>{files::SafetensorsReader{files::bytes_of(bytes), path}, way_out}.read(
        trainer, inspect);
}

} // namespace io

/// The bytes of a safetensors file with the state of a trainer at a position of its run: parameters, the
/// optimiser's state, settings of optimiser and loss, the position, a checksum. Throws `format_error` if a
/// parameter is not finite.
template <class Trainer>
[[nodiscard]] std::vector<std::byte> save_checkpoint(const Trainer& trainer, const RunPosition& position) {
    if constexpr (!Broken<Trainer>)
        return io::encode_checkpoint(trainer, position, "checkpoint");
    else
        return {};
}
/// Writes the same to a file. The file is replaced completely or not at all: if anything fails, the older
/// file stays as it was. Throws `format_error`, which names the file and the system's reason; the trainer
/// does not change.
template <class Trainer>
void save_checkpoint(const Trainer& trainer, const RunPosition& position, const std::string& path) {
    if constexpr (!Broken<Trainer>)
        files::replace_file(
            path, files::bytes_of(io::encode_checkpoint(trainer, position, files::printable_path(path))));
}

/// Restores model and optimiser from a checkpoint, and returns the position of the run, at which `fit` can
/// resume it (see `Checkpoints`). The trainer must have the same model, number type, loss and optimiser, with
/// the same settings; the resumed run then has the same bits as an uninterrupted one.
///
/// Throws `format_error`, which names `source`, what was expected and what was found; model and trainer then
/// stay as they were.
template <class Trainer>
RunPosition load_checkpoint(Trainer& trainer, std::span<const std::byte> bytes,
                            std::string_view source = "checkpoint") {
    if constexpr (!Broken<Trainer>)
        return io::CheckpointReader<Trainer>{files::SafetensorsReader{bytes, source}}.read(
            trainer, [](const RunPosition&) {});
    else
        return {};
}
template <class Trainer>
RunPosition load_checkpoint(Trainer& trainer, const std::string& path) {
    if constexpr (!Broken<Trainer>)
        return io::read_checkpoint(trainer, path, [](const RunPosition&) {});
    else
        return {};
}

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
